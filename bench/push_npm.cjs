// npm web-push with an agent that keeps its connections: node push_npm.cjs COUNT ORIGIN AT_ONCE
// Prints messages a second.
const path = require("node:path");
const https = require("node:https");
const crypto = require("node:crypto");
const webpush = require(path.join(__dirname, "../tests/peers/node_modules/web-push"));

async function main() {
  const [count, origin, atOnce] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
  const keys = webpush.generateVAPIDKeys();
  webpush.setVapidDetails("mailto:bench@example.com", keys.publicKey, keys.privateKey);
  const ecdh = crypto.createECDH("prime256v1");
  const subscription = {
    endpoint: `${origin}/push/0`,
    keys: { p256dh: ecdh.generateKeys().toString("base64url"), auth: crypto.randomBytes(16).toString("base64url") },
  };
  const agent = new https.Agent({ keepAlive: true, maxSockets: atOnce });
  const text = "x".repeat(231);
  let left = count;
  const line = async () => {
    while (left > 0) {
      left -= 1;
      await webpush.sendNotification(subscription, text, { agent, TTL: 60 });
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, line));
  console.log(count / ((performance.now() - began) / 1000));
  agent.destroy();
}

main().catch((error) => { console.error(error); process.exit(1); });
