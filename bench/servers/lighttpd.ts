// lighttpd, tuned: one process, no access log, connections kept for as long as the load lasts.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { type Contestant, MEDIA_TYPES, type Setting } from "./contestant.ts";

const NEEDS = { program: "lighttpd", debianPackage: "lighttpd" };

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
  // It answers a text of its config by a module for Lua only.
  without: ["tiny"],
};

function config({ material, port }: Setting): string {
  const types = MEDIA_TYPES.map(([suffix, type]) => `".${suffix}" => "${type}"`).join(", ");
  return `server.document-root = "${material}"
server.bind = "127.0.0.1"
server.port = ${port}
server.modules = ( "mod_dirlisting" )
server.network-backend = "sendfile"
server.stat-cache-engine = "simple"
server.max-keep-alive-requests = 1000000
server.max-keep-alive-idle = 65
server.max-fds = 20000
server.max-connections = 15000
mimetype.assign = ( ${types} )
$HTTP["url"] =~ "^/list/" { dir-listing.activate = "enable" }
`;
}
