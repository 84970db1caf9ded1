/**
 * A made-up repository with twelve planted problems at known places, beside code that looks like them and is fine. All
 * comes from a seed: names, folders, which problems there are and where.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { blocks, type Kind, type Words } from "./planted-blocks.ts";

/** A problem that was planted. */
export interface PlantedFinding {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** What the line says. */
  readonly text: string;
}

/** A repository in memory. */
export interface PlantedRepository {
  readonly files: Readonly<Record<string, string>>;
  readonly findings: readonly PlantedFinding[];
}

const planted = 12;

/** Makes the repository of a seed. */
export function plantedRepository(seed: number): PlantedRepository {
  const random = randomFrom(seed);
  const words = wordsFrom(random);
  const bad = shuffled(
    blocks.filter(({ bug }) => bug !== undefined),
    random,
  ).slice(0, planted);
  const good = blocks.filter(({ bug }) => bug === undefined);
  const files: Record<string, string> = {};
  const findings: PlantedFinding[] = [];
  for (const kind of ["javascript", "python", "shell", "docker", "yaml"] as const) {
    const ofKind = [...bad, ...good].filter((block) => block.kind === kind);
    const count = Math.max(1, Math.ceil(ofKind.length / 4));
    const parts = Array.from({ length: count }, (): typeof ofKind => []);
    for (const [index, block] of shuffled(ofKind, random).entries()) parts[index % count]?.push(block);
    for (const part of parts) {
      const path = pathOf(kind, words, random, files);
      const lines = [...headers[kind]];
      for (const { make, bug } of part) {
        const made = make(words);
        if (bug !== undefined) {
          findings.push({ file: path, line: lines.length + bug + 1, text: made[bug] ?? "" });
        }
        lines.push(...made, "");
      }
      files[path] = lines.join("\n");
    }
  }
  files["README.md"] = `# ${words.noun()}\n\nNever use \`eval(text)\` or \`yaml.load(file)\` here.\n`;
  return { files, findings };
}

/** Writes a repository into a folder. */
export function writeRepository(folder: string, { files }: PlantedRepository): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const headers: Readonly<Record<Kind, readonly string[]>> = {
  javascript: ['import { log, store } from "./log.js";', ""],
  python: ["import json", "import logging", "", 'log = logging.getLogger("app")', ""],
  shell: ["#!/bin/sh", "set -eu", ""],
  docker: ["# syntax=docker/dockerfile:1"],
  yaml: ["version: 2"],
};

function pathOf(kind: Kind, words: Words, random: () => number, taken: object): string {
  for (;;) {
    const folder = pick(["src", "lib", "app", "server", "services", "jobs", "tools"], random);
    const deep = random() < 0.4 ? `${folder}/${words.noun()}` : folder;
    const names: Readonly<Record<Kind, string>> = {
      javascript: `${deep}/${words.noun()}.${pick(["js", "ts", "mjs"], random)}`,
      python: `${deep}/${words.noun()}.py`,
      shell: `scripts/${words.noun()}.sh`,
      docker: random() < 0.5 ? "Dockerfile" : `${deep}/Dockerfile`,
      yaml: `${pick(["config", "deploy", "ci"], random)}/${words.noun()}.yml`,
    };
    if (!(names[kind] in taken)) return names[kind];
  }
}

function wordsFrom(random: () => number): Words {
  const nouns =
    "order,invoice,ticket,parcel,garden,market,ledger,voyage,harbor,recipe,meadow,signal,planet,walnut".split(",");
  const verbs = "load,fetch,build,merge,send,apply,check,sort,group,count,print,clean,render,publish".split(",");
  let number = 0;
  return {
    noun: () => pick(nouns, random) + (random() < 0.5 ? "" : String(++number)),
    verb: () => `${pick(verbs, random)}${++number}`,
    digits: () => String(1000 + Math.floor(random() * 9000)),
  };
}

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const keyed = list.map((value) => ({ value, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T; // as: the lists are not empty
}
