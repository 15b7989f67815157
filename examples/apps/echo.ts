import type { AppContext } from "portico";

export default {
  fetch(_request: Request, context: AppContext): Response {
    const { socket, response } = context.upgrade();
    socket.addEventListener("message", ({ data }) => socket.send(data));
    return response;
  },
};
