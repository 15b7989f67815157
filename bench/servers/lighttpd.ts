// lighttpd, tuned: one process, no access log, connections kept for as long as the load lasts.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  APP_ROWS,
  type Contestant,
  MEDIA_TYPES,
  SESSION_ROWS,
  type Setting,
} from "./contestant.ts";

const NEEDS = { program: "lighttpd", debianPackage: "lighttpd" };

/** Its way to take uploads, a package of its own: lighttpd-mod-webdav. */
const WEBDAV = ["lib", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu", "lib64"].map(
  (folder) => `/usr/${folder}/lighttpd/mod_webdav.so`,
);

export const lighttpd: Contestant = {
  name: "lighttpd",
  needs: NEEDS,
  version: () => {
    const { stdout } = spawnSync(NEEDS.program, ["-v"], { encoding: "utf8" });
    return /lighttpd\/(\S+)/u.exec(stdout)?.[1] ?? "?";
  },
  workersMax: () => 1,
  command: (setting) => {
    const file = path.join(setting.folder, "lighttpd.conf");
    writeFileSync(file, config(setting));
    return [NEEDS.program, "-D", "-f", file];
  },
  scripts: () => true,
  uploads: () => WEBDAV.some((file) => existsSync(file)),
  // It answers a text of its config by a module for Lua only; it hashes nothing, flushes nothing
  // and takes no forms.
  // It keeps no connections to php-fpm.
  without: [...APP_ROWS, ...SESSION_ROWS, "tiny", "put-durable", "multipart", "fastcgi-kept"],
};

function config(setting: Setting): string {
  const { material, port } = setting;
  const types = MEDIA_TYPES.map(([suffix, type]) => `".${suffix}" => "${type}"`).join(", ");
  return `server.document-root = "${material}"
server.bind = "127.0.0.1"
server.port = ${port}
server.modules = ( "mod_dirlisting" )
${uploads(setting)}
${scripts(setting)}
server.network-backend = "sendfile"
server.stat-cache-engine = "simple"
server.max-keep-alive-requests = 1000000
server.max-keep-alive-idle = 65
server.max-fds = 20000
server.max-connections = 10000
mimetype.assign = ( ${types} )
$HTTP["url"] =~ "^/list/" { dir-listing.activate = "enable" }
`;
}

// `=^` compares the beginning, and costs the other rows next to nothing.
function scripts({ scripts, socketOf }: Setting): string {
  return `server.modules += ( "mod_alias", "mod_cgi", "mod_fastcgi" )
$HTTP["url"] =^ "/cgi-bin/" {
  alias.url = ( "/cgi-bin/" => "${scripts}/cgi-bin/" )
  cgi.assign = ( "" => "" )
}
$HTTP["url"] =^ "/php/" {
  alias.url = ( "/php/" => "${scripts}/php/" )
  fastcgi.server = ( ".php" => (( "socket" => "${socketOf("php-fpm")}" )) )
}`;
}

// Bodies larger than its buffer go to files beside the store, so that it can rename them.
function uploads({ folder, store }: Setting): string {
  if (lighttpd.uploads?.() !== true) return "";
  const temporary = path.join(folder, "body");
  mkdirSync(temporary, { recursive: true });
  return `server.modules += ( "mod_alias", "mod_webdav" )
server.upload-dirs = ( "${temporary}" )
alias.url = ( "/upload/" => "${store.quick}/" )
$HTTP["url"] =~ "^/upload/" { webdav.activate = "enable" }`;
}
