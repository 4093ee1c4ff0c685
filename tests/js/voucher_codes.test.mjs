// The codes of vouchers: both sides hold the same vectors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { isSigned, looksLikeVoucher, readVoucher } from "../../app/static/js/vouchers/voucher_code.js";

const VECTORS = JSON.parse(readFileSync(new URL("../vectors/voucher_codes.json", import.meta.url), "utf-8"));

for (const { name, text, reads, signed } of VECTORS.vouchers) {
  test(`voucher: ${name}`, async () => {
    const code = readVoucher(text);
    const said = code && { kid: code.kid, redemption: code.redemption, reward: code.reward, station: code.station, until_s: code.until_s };
    assert.deepEqual(said, reads);
    if (code) assert.equal(await isSigned(code, VECTORS.keys), signed);
  });
}

test("a damaged voucher is still known for one", () => {
  assert.ok(looksLikeVoucher(VECTORS.vouchers[0].text.slice(0, 50)));
  assert.ok(!looksLikeVoucher("SK1:1"));
});
