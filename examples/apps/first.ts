export default {
  fetch(request: Request): Response {
    const { pathname, searchParams } = new URL(request.url);
    return new Response(`${pathname} for ${searchParams.get("name") ?? "nobody"}\n`);
  },
};
