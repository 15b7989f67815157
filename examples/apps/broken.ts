export default {
  fetch(): Response {
    throw new Error("the lime is wet");
  },
};
