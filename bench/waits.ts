// How long answers take to requests that come when they come: each at its time, whether the ones
// before were answered or not. wrk asks again only once it was answered, so that a server which
// stands still for a second costs it one slow answer a connection, among many thousand fast ones.
import { Agent, get } from "node:http";

const INTERVAL_MS = 2;

/** Milliseconds from when each request was due to its answer's end. Rejects on another than 200. */
export async function waits(port: number, path: string, seconds: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const answers: Promise<number>[] = [];
  const begin = performance.now();
  try {
    for (let due = begin; due < begin + seconds * 1000; due += INTERVAL_MS) {
      const early = due - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      answers.push(answered(agent, port, path).then(() => performance.now() - due));
    }
    return await Promise.all(answers);
  } finally {
    agent.destroy();
  }
}

function answered(agent: Agent, port: number, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get({ agent, host: "127.0.0.1", port, path }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path} is a ${response.statusCode}`));
      response.on("error", reject).on("end", resolve).resume();
    });
    request.on("error", reject);
  });
}
