export { refused, withStorage } from "./app-storage.ts";
export { withAnswers, type AnsweringServer, type Asked } from "./answering-server.ts";
export { TEST_CERTIFICATE, TEST_KEY } from "./certificate.ts";
export { exchangeOf, fieldsOf, LeavingClient, type AskedFor } from "./exchange.ts";
export { everySplit, lend } from "./every-split.ts";
export type { Run } from "./every-split.ts";
export { FailingFiles, type Fault } from "./failing-files.ts";
export { RunningProgram, startPortico, type ProgramOptions } from "./program.ts";
export { FastCgiPeer, withFastCgiPeer, type PeerAnswer, type PeerRequest } from "./fastcgi-peer.ts";
export { ModuleFolder, withModules } from "./module-folder.ts";
export { moduleRoom } from "./module-room.ts";
export { RawConnection, type Came } from "./raw-connection.ts";
export { openIn, withFileOf, withTemporaryFolder } from "./temporary-folder.ts";
export { parseRequests, RequestNotes, SMALL_LIMITS } from "./request-notes.ts";
export { withEngine, TurnedClock, type EngineServer } from "./engine-server.ts";
export { withPools, type PoolBench } from "./pool-bench.ts";
export { environmentOf, ProgramBench, ProgramNotes } from "./program-notes.ts";
export { forBothWays, isAlive, openDescriptors, zombies, type ProgramWay } from "./program-ways.ts";
export {
  PROGRAM_RULES,
  programFiles,
  ran,
  SourceNotes,
  told,
  toldBody,
  type Ran,
  type RanOptions,
} from "./program-answers.ts";
export { PieceBody } from "./piece-body.ts";
export { noRedis, RedisServer, withRedis } from "./redis-server.ts";
export {
  changesTo,
  SESSION_STORE_SETTINGS,
  SESSION_WAYS,
  SessionBench,
  type SessionBenchOptions,
  type SessionWay,
} from "./session-bench.ts";
export { roomContext, SESSION_SETTINGS } from "./room-context.ts";
export { answerIn, answerOn, Site, withSite, type Answered, type SiteStart } from "./site.ts";
export { openPaths, servedFolder, ServedFolder, type Seen } from "./served-folder.ts";
export { withSpools, type SpoolBench } from "./spools.ts";
export {
  fieldVariables,
  linesOf,
  SCRIPT_PLACE,
  VARIABLE_RULES,
  VariableNotes,
  variablesOf,
} from "./variable-notes.ts";
export { clientFrame, framesIn, OPENING, type ClientFrame } from "./web-socket-frames.ts";
export { get, post, statuses } from "./wire.ts";
export { Taker } from "./taker.ts";
export { turns, until } from "./until.ts";
export { answering, saidIn, StoreNotes, Visitor, type Visit, type VisitHow } from "./visits.ts";
export { Watcher } from "./watcher.ts";
export { fileAt, withCache, wordOf, type CacheBench } from "./watched-cache.ts";
export {
  answerToBytes,
  connectedTo,
  lineFor,
  openedControl,
  restOf,
  withControl,
} from "./control-socket.ts";
export { LogNotes, StoreBench, TestAccount, withStore } from "./store-bench.ts";
export { SocketNotes, withSocketPairs, type SocketPair } from "./socket-pairs.ts";
export {
  exifWithPlace,
  jpegSegment,
  jpegWith,
  PLACE,
  pngChunk,
  pngWith,
  stripPicture,
  stripPieces,
  webpChunk,
  webpWith,
} from "./pictures.ts";
