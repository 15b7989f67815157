// The command line: which commands and options there are. Parsing, "did you mean" and the lists in
// the help are commander's; it throws instead of exiting, so that one place decides on exit codes.
import { Command, CommanderError } from "commander";
import { nearest, printable } from "../config/index.ts";
import { version } from "../server/index.ts";
import { check, type CheckOptions } from "./check.ts";
import { reload, status, stop, type ReloadCommandOptions } from "./control.ts";
import { EXIT, UsageError } from "./exit-code.ts";
import * as help from "./help.ts";
import { serve, type ServeOptions } from "./serve.ts";
import { endSessions, listSessions, type SessionCommandOptions } from "./session.ts";
import type { Terminal } from "./terminal.ts";
import type { TransferOptions } from "./transfer.ts";
import { uploadCommand, type UploadCommandOptions } from "./upload.ts";
import { verifyCommand } from "./verify.ts";

/** Runs the program with what stands behind its name. Returns what to exit with; never throws. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.good;
  const program = programOf(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    exitCode = tell(error, terminal);
  }
  const lost = await terminal.outLost();
  if (lost === null) return exitCode;
  terminal.err(`portico: standard output can't be written: ${lost}\n`);
  return exitCode === EXIT.good ? EXIT.failed : exitCode;
}

function tell(error: unknown, terminal: Terminal): number {
  // Commander has told it already; help and version that were asked for are its code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.usage;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  terminal.err(`portico: ${printable(message)}\n`);
  if (error instanceof UsageError) return EXIT.usage;
  // What the system refused (a full disk, say) may be nobody's mistake; all else is ours.
  const what = error instanceof Error && "syscall" in error ? "" : "This is a bug in portico; ";
  const debug = process.env["PORTICO_DEBUG"] === "1";
  terminal.err(debug ? `${stack}\n` : `${what}PORTICO_DEBUG=1 shows where it came from.\n`);
  return EXIT.failed;
}

function programOf(terminal: Terminal, onExit: (code: number) => void): Command {
  const program = new Command("portico")
    .description("Serves folders over HTTP, and takes and sends files.")
    .usage("COMMAND [OPTIONS]")
    .version(`portico ${version()}`, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .addHelpText("before", help.PROGRAM_EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: (text, write) => {
        write(printableLines(text.replace(/^error: /, "portico: ")));
      },
    });
  addServe(program, terminal, onExit);
  addCheck(program, terminal, onExit);
  addTransfers(program, terminal, onExit);
  addControl(program, terminal, onExit);
  addSession(program, terminal, onExit);
  addHelp(program);
  return program;
}

function addServe(program: Command, terminal: Terminal, onExit: (code: number) => void): void {
  program
    .command("serve")
    .summary("serve a folder, or what a config says")
    .argument("[DIR]", "the folder to serve, read-only")
    .option("-c, --config <FILE>", "serve what this config says")
    .option("-l, --listen <ADDR>", "listen here; may be given again", appended)
    .option("-w, --workers <N>", "threads that answer requests (default: one a core)")
    .option("--upload <DIR>", "take uploads at /upload, into this folder")
    .option("--list", "list folders that have no index file")
    .option("--access-log <WHERE>", '"off", "stderr" or a file')
    .option("--watch", "reload when the config, or code that it names, is saved")
    .addHelpText("before", help.SERVE_EXAMPLES)
    .addHelpText("after", help.SERVE_NOTES)
    .action(async (folder: string | undefined, options: ServeOptions) => {
      onExit(await serve(folder, options, terminal));
    });
}

function addCheck(program: Command, terminal: Terminal, onExit: (code: number) => void): void {
  program
    .command("check")
    .summary("say what is wrong with a config, or which route would answer")
    .option("-c, --config <FILE>", "the config (default: ./portico.toml)")
    .option("--print", "print every setting, and where its value comes from")
    .option("--explain <REQUEST>", "say which site and route answer 'GET URL', and why")
    .option("--schema", "print the JSON Schema of the config, for editors")
    .option("--json", "print JSON, one value a line")
    .addHelpText("before", help.CHECK_EXAMPLES)
    .addHelpText("after", help.CHECK_NOTES)
    .action(async (options: CheckOptions) => {
      onExit(await check(options, terminal));
    });
}

// Commander has no arguments before a last one: the URL is taken off the end of the files.
function addTransfers(program: Command, terminal: Terminal, onExit: (code: number) => void): void {
  program
    .command("upload")
    .summary("send files to a server, and compare what arrived")
    .usage("[OPTIONS] FILE... URL")
    .argument("[FILE...]", "what to send, and the URL to send it to behind it")
    .option("--multipart", "send all files as one form")
    .option("--field <NAME=VALUE>", "a field of that form; may be given again", appended)
    .option("-H, --header <FIELD>", "send this field, 'NAME: VALUE'; may be given again", appended)
    .option("--json", "print JSON, one value a line")
    .addHelpText("before", help.UPLOAD_EXAMPLES)
    .addHelpText("after", help.UPLOAD_NOTES)
    .action(async (args: readonly string[], options: UploadCommandOptions) => {
      onExit(await uploadCommand(args, options, terminal));
    });
  program
    .command("verify")
    .summary("compare files with what a server has")
    .usage("[OPTIONS] FILE... URL")
    .argument("[FILE...]", "what to compare, and the URL to compare it with behind it")
    .option("-H, --header <FIELD>", "send this field, 'NAME: VALUE'; may be given again", appended)
    .option("--json", "print JSON, one value a line")
    .addHelpText("before", help.VERIFY_EXAMPLES)
    .addHelpText("after", help.VERIFY_NOTES)
    .action(async (args: readonly string[], options: TransferOptions) => {
      onExit(await verifyCommand(args, options, terminal));
    });
}

const CONTROL_COMMANDS = { status, reload, stop };

function addControl(program: Command, terminal: Terminal, onExit: (code: number) => void): void {
  const command = (name: keyof typeof CONTROL_COMMANDS, summary: string): Command =>
    program
      .command(name)
      .summary(summary)
      .option("-c, --config <FILE>", "the server of this config (default: ./portico.toml)")
      .option("--data <DIR>", "the server of this data folder, whatever its config")
      .option("--json", "print JSON, one value on a line")
      .addHelpText("before", help.CONTROL_EXAMPLES[name])
      .addHelpText("after", help.CONTROL_NOTES[name])
      .action(async (options: ReloadCommandOptions) => {
        onExit(await CONTROL_COMMANDS[name](options, terminal));
      });
  command("status", "say how a running server fares");
  command("reload", "have a running server read its config again").option(
    "--dry-run",
    "say what would change, and change nothing",
  );
  command("stop", "stop a running server, and wait until it has ended");
}

function addSession(program: Command, terminal: Terminal, onExit: (code: number) => void): void {
  const session = program
    .command("session")
    .summary("list the sessions of a running server, or end some")
    .usage("list|end [OPTIONS]")
    .helpCommand(false)
    .addHelpText("before", help.SESSION_EXAMPLES)
    .addHelpText("after", help.SESSION_NOTES);
  const command = (name: string, act: typeof listSessions): Command =>
    session
      .command(name)
      .option("-c, --config <FILE>", "the server of this config (default: ./portico.toml)")
      .option("--data <DIR>", "the server of this data folder, whatever its config")
      .option("--user <NAME>", "those of this user")
      .option("--json", "print JSON, one value on a line")
      .addHelpText("before", help.SESSION_EXAMPLES)
      .addHelpText("after", help.SESSION_NOTES)
      .action(async (options: SessionCommandOptions) => {
        onExit(await act(options, terminal));
      });
  command("list", listSessions).summary("list sessions: whose they are, and until when");
  command("end", endSessions)
    .summary("end sessions: who had one is a stranger from the next request on")
    .option("--id <DIGEST>", "the one that `list` shows so")
    .option("--all", "all of them");
}

// Not commander's own: that one answers `help sevre` with the general help and no word about it.
function addHelp(program: Command): void {
  program
    .command("help")
    .summary("print help, or all about a command")
    .argument("[COMMAND]", "the command")
    .action((name: string | undefined) => {
      if (name === undefined) return program.help();
      const command = program.commands.find((candidate) => candidate.name() === name);
      if (command !== undefined) return command.help();
      const meant = nearest(
        name,
        program.commands.map((candidate) => candidate.name()),
      );
      const hint = meant === null ? "`portico help` lists them" : `did you mean ${meant}?`;
      throw new UsageError(`there is no command ${JSON.stringify(name)}; ${hint}`);
    });
}

/** Commander repeats arguments, on a line or two. */
function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

function appended(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
