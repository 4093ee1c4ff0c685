// Every vector gets its verdict, and the command says where one does not.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { VECTORS } from "./support/sk1.mjs";
import { difference } from "./sk1_vectors.mjs";

const COMMAND = fileURLToPath(new URL("sk1_vectors.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vectors-"));

function run(content) {
  const path = join(folder, "vectors.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  const { status, stdout } = spawnSync(process.execPath, [COMMAND, path], { encoding: "utf-8" });
  return { status, lines: stdout.split("\n").filter(Boolean) };
}

for (const vector of VECTORS) {
  test(`vector: ${vector.name}`, async () => assert.equal(await difference(vector), null));
}

test("the command is content with the vectors", () => {
  assert.deepEqual(run({ vectors: VECTORS }), { status: 0, lines: [] });
});

test("the command prints a line for each vector that fails", () => {
  const vectors = structuredClone(VECTORS);
  vectors[0].expect = { level: "red", reason: "expired" };
  vectors[10].name = "two\nlines";
  vectors[10].expect = { level: "green", reason: "ok" };
  assert.deepEqual(run({ vectors }), { status: 1, lines: [
    "live ok: expected red expired, got green ok",
    "two\\nlines: expected green ok, got amber clock_skew",
  ] });
});

test("the command refuses what is no file of vectors", () => {
  const broken = structuredClone(VECTORS[0]);
  delete broken.reader.keys;
  for (const content of ["no JSON", "[]", "null", { vectors: [] }, { vectors: [null] }, { vectors: [broken] }]) {
    assert.equal(run(content).status, 2, JSON.stringify(content).slice(0, 60));
  }
});
