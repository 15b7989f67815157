// An app: what its context holds is known from its type.
import type { App } from "portico";

export default {
  async fetch(request, { session }) {
    const visits = Number((await session.get("visits")) ?? 0) + 1;
    await session.set("visits", visits);
    return new Response(`app ${new URL(request.url).pathname} ${visits}`);
  },
} satisfies App;
