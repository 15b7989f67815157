// What `portico help` says: examples first, since that is what most come for.

export const SERVE_EXAMPLES = `Examples:
  portico serve                      # ./portico.toml if there is one, else this folder
  portico serve public               # one folder, read-only, on http://127.0.0.1:8080
  portico serve public -l 0 --list   # any free port, with listings of folders
  portico serve . --upload incoming  # and a page at /upload that takes files
  portico serve -c portico.toml      # what a config says
  portico serve public -l 127.0.0.1:8080 -l unix:/run/portico.sock
`;

export const SERVE_NOTES = `
ADDR is PORT, HOST:PORT, [V6]:PORT or unix:PATH. A port alone is 127.0.0.1's, and
port 0 is any. Left out, it is what the config says, else 127.0.0.1:8080, or where
that is taken the next free port up to 8179.

Once everything listens, standard output says "portico: listening on URL", a line
for each. SIGTERM or Ctrl-C lets requests under way finish, a second one ends it at once.
SIGHUP (or \`portico reload\`) has it read its config again and open its log anew.

Exit codes: 0 good, 1 it could not start, 2 wrong usage, 78 bad config.`;

export const CHECK_EXAMPLES = `Examples:
  portico check                      # is ./portico.toml good?
  portico check -c site.toml         # all that is wrong, with lines and what would repair it
  portico check --print              # every setting, and where its value comes from
  portico check --explain 'GET http://example.org/pics/a.png'
  portico check --schema > portico.schema.json
`;

export const CHECK_NOTES = `
Modules that the config's \`use\` names are run, to know what they add to it.

Exit codes: 0 good, 2 wrong usage, 78 bad config.`;

export const CONTROL_EXAMPLES = {
  status: `Examples:
  portico status                     # of the server that ./portico.toml started
  portico status -c site.toml --json
  portico status --data /var/lib/portico
`,
  reload: `Examples:
  portico reload                     # the server of ./portico.toml reads it again
  portico reload -c site.toml --dry-run
`,
  stop: `Examples:
  portico stop                       # the server of ./portico.toml
  portico stop --data /var/lib/portico
`,
} as const;

const CONTROL_EXIT = `
Exit codes: 0 good, 1 no server runs there or it refused, 2 wrong usage, 78 bad config
that says where.`;

const CONTROL_FOUND = `
A server is found by its data folder: \`data\` of the config, which may be bad otherwise,
or where that is by default. Only the user that runs the server, and root, may ask.
`;

export const CONTROL_NOTES = {
  status: `${CONTROL_FOUND}${CONTROL_EXIT}`,
  reload: `
Requests under way end as they began. Where the config is bad, its problems are printed
and the server goes on with what it has. Settings that need a restart are named.
${CONTROL_FOUND}${CONTROL_EXIT}`,
  stop: `
Requests under way may end, up to the config's timeouts.shutdown.
${CONTROL_FOUND}${CONTROL_EXIT}`,
} as const;

export const SESSION_EXAMPLES = `Examples:
  portico session list               # of the server of ./portico.toml
  portico session list --user ann --json
  portico session end --user ann     # her next request is a stranger's, on every worker
  portico session end --id 2c26b46b68ffc68f
  portico session end --all
`;

export const SESSION_NOTES = `
A session is known by the SHA-256 of its id, which nobody can log in with; of it \`end\` takes
the first 8 digits or more. The 1000 that were used last are listed.
${CONTROL_FOUND}${CONTROL_EXIT}`;

export const UPLOAD_EXAMPLES = `Examples:
  portico upload photo.jpg http://127.0.0.1:8080/upload/
  portico upload a.txt b.txt http://127.0.0.1:8080/upload/ --json
  portico upload report.pdf https://example.org/upload/today.pdf -H 'If-None-Match: *'
  portico upload *.jpg http://127.0.0.1:8080/upload/ --multipart --field album=summer
`;

export const UPLOAD_NOTES = `
A file is PUT under its name where the URL ends in "/", else at the URL. A server that
takes no PUT gets it as a form. Several files of one form (--multipart, --field) are
stored all or none.

The SHA-256 of what was sent is compared with the server's: "verified" is the same, a
difference is a failure with both digests. A file that changes while it is sent is not
finished, so that the server keeps nothing of it.

Exit codes: 0 all are stored, 1 at least one is not or arrived as something else,
2 wrong usage.`;

export const VERIFY_EXAMPLES = `Examples:
  portico verify photo.jpg http://127.0.0.1:8080/upload/
  portico verify *.jpg http://127.0.0.1:8080/upload/ --json
`;

export const VERIFY_NOTES = `
Sizes are compared first, then digests. A server that gives no digest is read whole.

Exit codes: 0 all are the same, 1 at least one differs or can't be compared, 2 wrong usage.`;

export const PROGRAM_EXAMPLES = `Examples:
  portico serve public               # a folder, on http://127.0.0.1:8080
  portico serve -c portico.toml      # what a config says
  portico check -c portico.toml      # is the config good?
  portico reload                     # have the server of ./portico.toml read it again
  portico upload photo.jpg http://127.0.0.1:8080/upload/
  portico help serve                 # all about a command
`;
