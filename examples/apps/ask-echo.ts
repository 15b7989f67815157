// node examples/apps/ask-echo.ts ws://127.0.0.1:8080/echo Hello
const [url = "", word = ""] = process.argv.slice(2);
const socket = new WebSocket(url);
socket.addEventListener("open", () => socket.send(word));
socket.addEventListener("message", ({ data }) => {
  console.log(data);
  socket.close();
});
