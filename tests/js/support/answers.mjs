// Answers questions on the parts of the badge's code, for tests that compare them with the server's:
// a JSON list on standard input, a JSON list of answers on standard output.
import { fromBase64url } from "../../../app/static/js/sk1/bytes.js";
import { judgeShort, shortCode } from "../../../app/static/js/sk1/short_code.js";
import { openStatusList } from "../../../app/static/js/sk1/status_list.js";
import { decompress } from "../../../app/static/js/sk1/points.js";

const ANSWERS = {
  "short code": ({ keys, status_index, now_s }) => shortCode(keys, status_index, now_s),
  "short verdict": async ({ text, now_s, keys, iat, exp, status }) => {
    const list = { iat, exp, statusAt: () => status };
    return (await judgeShort(text, { now_s, shortKeys: keys, list })).reason;
  },
  "status list": async ({ jwt, keys, indexes }) => {
    const list = await openStatusList(jwt, keys).catch(() => null);
    return list && [list.iat, list.exp, list.ttl, ...indexes.map(list.statusAt)];
  },
  "is point": ({ point }) => decompress(fromBase64url(point)) !== null,
};

let input = "";
for await (const chunk of process.stdin) input += chunk;
const answers = await Promise.all(JSON.parse(input).map((question) => ANSWERS[question.what](question)));
console.log(JSON.stringify(answers));
