// Sixteen seconds of plucked strings over a slow chord: `node make/music.ts > day.wav`. A string is
// a short noise that goes round in a delay line and loses its edge at every turn (Karplus and
// Strong, 1983); a handful of longer delay lines, fed with the sum, are the room around it.

import { writeFileSync } from "node:fs";

import { hash } from "./paint.ts";

const RATE = 48_000;
const SECONDS = 16;
const SAMPLES = RATE * SECONDS;
const BEAT = 0.4;

// Semitones above the D below middle C; a new line every bar of eight beats. null is a rest.
const MELODY: readonly (readonly (number | null)[])[] = [
  [0, 7, 12, 16, 14, 12, 7, null],
  [-3, 4, 9, 12, 16, 12, 9, null],
  [-7, 5, 9, 12, 17, 16, 12, 9],
  [-5, 2, 7, 11, 14, null, 19, 16],
  [0, 7, 12, 16, 24, null, null, null],
];
const ROOT_HERTZ = 146.83;

const left = new Float64Array(SAMPLES);
const right = new Float64Array(SAMPLES);
playMelody();
playChords();
for (const [channel, spread] of [
  [left, 0],
  [right, 23],
] as const) {
  addRoom(channel, spread);
}
writeFileSync("/dev/stdout", wave(left, right));

function playMelody(): void {
  for (const [bar, notes] of MELODY.entries()) {
    for (const [beat, note] of notes.entries()) {
      if (note === null) continue;
      const late = hash(bar, beat) * 0.02; // a hand, not a clock
      const at = Math.round(((bar * 8 + beat) * BEAT + late) * RATE);
      pluck(at, hertz(note), beat === 0 ? 0.5 : 0.3, 0.5 + (note - 8) / 60, bar * 8 + beat);
    }
  }
}

function pluck(at: number, pitch: number, loud: number, pan: number, seed: number): void {
  const length = Math.round(RATE / pitch);
  const line = new Float64Array(length);
  for (let i = 0; i < length; i += 1) line[i] = hash(i, seed + 100) - 0.5;
  for (let turn = 0; turn < 3; turn += 1) soften(line); // a fingertip, not a plectrum
  let before = 0;
  for (let i = at; i < Math.min(SAMPLES, at + RATE * 4); i += 1) {
    const slot = (i - at) % length;
    const sample = line[slot]!;
    line[slot] = (sample + before) * 0.4985;
    before = sample;
    left[i]! += sample * loud * (1 - pan);
    right[i]! += sample * loud * pan;
  }
}

function soften(line: Float64Array): void {
  for (let i = 1; i < line.length; i += 1) line[i] = (line[i]! + line[i - 1]!) / 2;
}

function playChords(): void {
  for (const [bar, notes] of MELODY.entries()) {
    const from = bar * 8 * BEAT;
    for (const [voice, note] of notes.slice(0, 3).entries()) {
      if (note !== null) hum(from, 8 * BEAT + 1, hertz(note), 0.028, voice * 0.35 + 0.15);
    }
  }
}

function hum(from: number, seconds: number, pitch: number, loud: number, pan: number): void {
  const start = Math.round(from * RATE);
  const count = Math.round(seconds * RATE);
  for (let i = 0; i < count && start + i < SAMPLES; i += 1) {
    const swell = Math.sin((Math.PI * i) / count) ** 1.5;
    const turn = (2 * Math.PI * pitch * i) / RATE;
    const tone = Math.sin(turn) + 0.4 * Math.sin(turn * 2.003) + 0.15 * Math.sin(turn * 2.997);
    left[start + i]! += tone * swell * loud * (1 - pan);
    right[start + i]! += tone * swell * loud * pan;
  }
}

function hertz(note: number): number {
  return ROOT_HERTZ * 2 ** (note / 12);
}

function addRoom(channel: Float64Array, spread: number): void {
  const dry = channel.slice();
  for (const delay of [1687, 1931, 2053, 2251, 2399, 3109]) {
    const line = new Float64Array(delay + spread);
    let damp = 0;
    for (let i = 0; i < SAMPLES; i += 1) {
      const slot = i % line.length;
      const echo = line[slot]!;
      damp = echo * 0.65 + damp * 0.35;
      line[slot] = dry[i]! * 0.3 + damp * 0.86;
      channel[i]! += echo * 0.22;
    }
  }
}

/** A RIFF WAVE file of two channels, sixteen bits, as loud as it can be, faded in and out. */
function wave(...channels: readonly Float64Array[]): Buffer {
  const loudest = Math.max(...channels.map((c) => c.reduce((a, b) => Math.max(a, Math.abs(b)), 0)));
  const data = Buffer.alloc(SAMPLES * 4);
  for (let i = 0; i < SAMPLES; i += 1) {
    const fade = Math.min(1, i / (RATE * 0.02), (SAMPLES - i) / (RATE * 2));
    for (const [index, channel] of channels.entries()) {
      const value = (channel[i]! / loudest) * fade * 0.85 * 32767;
      data.writeInt16LE(Math.round(value), i * 4 + index * 2);
    }
  }
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + data.length, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 4, 28);
  header.writeUInt16LE(4, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}
