// nginx, tuned as its own manual has it for files: what it has open stays open, and is looked at
// again after a second, as Portico does. `sendfile off` is the faster way for small files (one
// `writev` in place of `writev` and `sendfile`) and the slower one for large ones, so both run.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { RUN_AT_ONCE } from "../backends.ts";
import {
  APP_ROWS,
  type Contestant,
  HELLO,
  MEDIA_TYPES,
  SESSION_ROWS,
  type Setting,
} from "./contestant.ts";

/** As its own `fastcgi.conf` has them. */
const FASTCGI_PARAMETERS = [
  "SCRIPT_FILENAME $document_root$fastcgi_script_name",
  "QUERY_STRING $query_string",
  "REQUEST_METHOD $request_method",
  "CONTENT_TYPE $content_type",
  "CONTENT_LENGTH $content_length",
  "SCRIPT_NAME $fastcgi_script_name",
  "REQUEST_URI $request_uri",
  "DOCUMENT_URI $document_uri",
  "DOCUMENT_ROOT $document_root",
  "SERVER_PROTOCOL $server_protocol",
  "REQUEST_SCHEME $scheme",
  "HTTPS $https if_not_empty",
  "GATEWAY_INTERFACE CGI/1.1",
  "SERVER_SOFTWARE nginx/$nginx_version",
  "REMOTE_ADDR $remote_addr",
  "REMOTE_PORT $remote_port",
  "SERVER_ADDR $server_addr",
  "SERVER_PORT $server_port",
  "SERVER_NAME $server_name",
  "REDIRECT_STATUS 200",
] as const;

const NEEDS = { program: "nginx", debianPackage: "nginx-light" };

export const nginx: Contestant = {
  name: "nginx",
  needs: NEEDS,
  version,
  workersMax: () => 64,
  command: (setting) => command(setting, "on"),
  scripts: () => true,
  runner: "fcgiwrap",
  // It hashes nothing, flushes nothing and takes no forms.
  without: ["put-durable", "multipart", ...APP_ROWS, ...SESSION_ROWS],
};

export const nginxWithoutSendfile: Contestant = {
  name: "nginx-nosendfile",
  needs: NEEDS,
  version,
  workersMax: () => 1,
  command: (setting) => command(setting, "off"),
  // Where no file is sent, or only large ones, the switch changes nothing or for the worse.
  without: [
    ...APP_ROWS,
    ...SESSION_ROWS,
    ...["tiny", "304", "404", "list", "1mb", "100mb", "warm", "cold", "idle", "start"],
    ...["put-1mb", "put-100mb", "put-durable", "multipart", "uploads-50"],
    ...["cgi-sh", "cgi-perl", "fastcgi", "fastcgi-kept"],
  ],
};

function version(): string {
  const { stderr } = spawnSync(NEEDS.program, ["-v"], { encoding: "utf8" });
  return /nginx\/(\S+)/u.exec(stderr)?.[1] ?? "?";
}

function command(setting: Setting, sendfile: "on" | "off"): string[] {
  for (const name of ["body", "proxy", "fastcgi", "uwsgi", "scgi"]) {
    mkdirSync(path.join(setting.folder, name), { recursive: true });
  }
  const file = path.join(setting.folder, "nginx.conf");
  writeFileSync(file, config(setting, sendfile));
  return [NEEDS.program, "-e", "stderr", "-p", setting.folder, "-c", file];
}

function config(setting: Setting, sendfile: "on" | "off"): string {
  const { folder, material, store, port, workers } = setting;
  // As root it would give its workers to a user who may not enter the temporary folder.
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const types = MEDIA_TYPES.map(([suffix, type]) => `${type} ${suffix};`).join(" ");
  return `${user}
daemon off;
worker_processes ${workers};
worker_rlimit_nofile 20000;
pid ${folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 15000; }
http {
  types { ${types} }
  default_type text/plain;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  client_body_buffer_size 256k;
  client_max_body_size 0;
  access_log off;
  sendfile ${sendfile};
  tcp_nopush on;
  tcp_nodelay on;
  etag on;
  keepalive_timeout 65;
  keepalive_requests 1000000;
  open_file_cache max=20000 inactive=60s;
  open_file_cache_valid 1s;
${upstreams(setting)}
  server {
    listen 127.0.0.1:${port}${workers > 1 ? " reuseport" : ""};
    root ${material};
    location = /hello { return 200 "${HELLO}"; }
    location /list/ { autoindex on; }
    location /upload/ { alias ${store.quick}/; dav_methods PUT; }
${scripts(setting)}
  }
}
`;
}

// A connection a request is how it comes; kept ones have to be asked for.
function upstreams({ socketOf }: Setting): string {
  return `  upstream kept { server unix:${socketOf("php-fpm")}; keepalive ${RUN_AT_ONCE}; }`;
}

function scripts({ scripts, socketOf }: Setting): string {
  const parameters = FASTCGI_PARAMETERS.map((pair) => `fastcgi_param ${pair};`).join(" ");
  const location = (path: string, to: string) =>
    `    location ${path} { root ${scripts}; ${parameters} ${to}; }`;
  return [
    location("/cgi-bin/", `fastcgi_pass unix:${socketOf("fcgiwrap")}`),
    location("/php/", `fastcgi_pass unix:${socketOf("php-fpm")}`),
    location("/kept/", "fastcgi_pass kept; fastcgi_keep_conn on"),
  ].join("\n");
}
