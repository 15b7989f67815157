// Writes below each picture what the server says of it: its media type and its size.

for (const place of document.querySelectorAll("[data-facts]")) {
  const answer = await fetch(place.dataset.facts, { method: "HEAD" });
  const bytes = Number(answer.headers.get("content-length"));
  const type = answer.headers.get("content-type") ?? "";
  if (answer.ok) place.textContent = `${type.split(";")[0]}, ${inWords(bytes)}`;
}

function inWords(bytes) {
  if (bytes >= 1024 * 1024) return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  return bytes >= 10_240 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 1024).toFixed(1)} KiB`;
}
