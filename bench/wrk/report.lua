-- What wrk counted, as one line of JSON behind what it prints itself.
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "\n@{\"requests\":%d,\"bytes\":%d,\"p99\":%d,\"max\":%d,"
      .. "\"refused\":%d,\"broken\":%d,\"statusErrors\":%d}\n",
    summary.requests, summary.bytes, latency:percentile(99), latency.max,
    errors.connect, errors.read + errors.write + errors.timeout, errors.status))
end
