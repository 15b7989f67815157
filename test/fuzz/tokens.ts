// What mutants are made with: words with which servers were fooled, or could be.

/** Put in anywhere. */
export const TOKENS = [
  ...'\r|\n|\r\n|\r\n\r\n|\n\n|\0| |\t|\x0b|\x7f|\x85|\xff|:|,|;|"|\\|/|//|?|#|*|@|[|]|[::1]'.split(
    "|",
  ),
  ..."0|-1|+1|0x10|00|4294967296|9007199254740993|18446744073709551616|1e9".split("|"),
  ..."%00|%2e%2e/|../|..\\|%2F|%zz|\xc3\x28|\xed\xa0\x80|chunked|identity|bytes=|W/|q=0.0001".split(
    "|",
  ),
  ..."HTTP/1.1|HTTP/1.0|HTTP/0.9|HTTP/2.0|GET |HEAD |POST |OPTIONS * |Tue, 31 Feb".split("|"),
  ..."http://localhost|http://example.org/|/hello.txt|/big.bin|/escape.txt|/dir".split("|"),
  ...'5\r\nhello\r\n|0\r\n\r\n|ffffffffffffffff\r\n|;a="b"|a\r\n b'.split("|"),
  "Host: localhost\r\n",
  "Host: a\r\n",
  "Content-Length: 5\r\n",
  "Content-Length: 0\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding: gzip, chunked\r\n",
  "Trailer: X\r\n",
  "Connection: close\r\n",
  "Connection: keep-alive\r\n",
  "Expect: 100-continue\r\n",
  "Range: bytes=0-4,2-9,-1\r\n",
  "If-None-Match: *\r\n",
  'If-Match: W/"x"\r\n',
  "Accept: text/html\r\n",
  "Accept-Encoding: gzip;q=0, *\r\n",
  "A: b\r\n".repeat(400),
  "9".repeat(30),
  "x".repeat(9000),
].map(bytesOf);

/** What may stand in a target: it gets past the parser, to the paths. */
export const TARGET_TOKENS = [
  ..."/ // . .. ./ ../ %2e %2e%2e/ %2F %5c \\ %00 %0d%0a %ff %c0%ae % %4 %zz %25 %20".split(" "),
  ..."~ ;a=b ? ?x= %3f * : @ & = %e2%82%ac http://localhost/".split(" "),
  ..."dir dir/ hello.txt data.bin big.bin escape.txt .well-known/ secret.txt".split(" "),
  "a".repeat(300),
  "/a".repeat(200),
  "%41".repeat(90),
].map(bytesOf);

/** What may stand in a field's value: it gets past the parser, to what reads that field. */
export const VALUE_TOKENS = [
  ..."0|1|-|-1|99|999|1000|9007199254740993|,|, ,|;|;q=0|;q=1.001|q=|=|/|.|\t| |\xe9|\\".split("|"),
  ...'"|""|"a|W/|W/"|*|*/*|text/html|gzip|br|identity|close|keep-alive|chunked'.split("|"),
  ..."bytes=|bytes=0-|0-0,-1|5-2|-0|-5|100-continue|Tue, 02 Jan 2024 03:04:05 GMT|GMT|2024".split(
    "|",
  ),
  ..."localhost|localhost:80|:0|:99999|127.0.0.1|[::1]|example.org".split("|"),
  "0-9,".repeat(80),
  "v".repeat(500),
].map(bytesOf);

export const FIELD_NAMES = [
  ..."Range If-Range If-Match If-None-Match If-Modified-Since If-Unmodified-Since".split(" "),
  ..."Accept Accept-Encoding Connection Expect User-Agent Referer TE Upgrade".split(" "),
];

function bytesOf(text: string): Buffer {
  return Buffer.from(text, "latin1");
}
