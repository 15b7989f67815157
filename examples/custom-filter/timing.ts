// A filter: `timing = true`-like keys of a route's own, with options that `portico check` knows. It
// says in Server-Timing how long whatever stands behind it took (W3C Server Timing).
import { filterRoom, Reply, schema, type Answer } from "portico";

const NAME = /^[\w.-]+$/;

const options = schema.table({
  name: schema.text({
    doc: "The name of the measure.",
    fallback: "app",
    check: (name) => (NAME.test(name) ? null : `${JSON.stringify(name)} is no name of a measure`),
  }),
  digits: schema.integer({
    doc: "Digits behind the point, of milliseconds.",
    fallback: 1,
    min: 0,
    max: 3,
  }),
});

export default filterRoom({
  name: "timing",
  doc: "Says in Server-Timing how long the answer took to make.",
  options,
  create({ name, digits }, { clock }) {
    const timed = (answer: Answer, startMs: number): Answer => {
      // What a client did wrong is answered from the table of failures, without a measure.
      if (!(answer instanceof Reply)) return answer;
      const tookMs = clock.monotonicMs() - startMs;
      return answer.withFields([["Server-Timing", `${name};dur=${tookMs.toFixed(digits)}`]]);
    };
    return (next) => (exchange) => {
      const startMs = clock.monotonicMs();
      const answer = next(exchange);
      if (!(answer instanceof Promise)) return timed(answer, startMs);
      return answer.then((late) => timed(late, startMs));
    };
  },
});
