/** Read by every Node.js that starts with `--import`: what goes to slack.com goes to the sandbox. The apps themselves stay as they are. */

import http from "node:http";
import https from "node:https";

const sandbox = new URL(process.env.SANDBOX_API_URL);
const usual = https.request;

https.request = function request(options, ...rest) {
  const host = options?.hostname ?? options?.host;
  if (!/^(www\.)?slack\.com$/.test(host ?? "")) return usual.call(this, options, ...rest);
  const there = { protocol: "http:", host: null, hostname: sandbox.hostname, port: sandbox.port };
  return http.request({ ...options, ...there, agent: undefined, servername: undefined }, ...rest);
};

const usualFetch = globalThis.fetch;
globalThis.fetch = (address, options) =>
  usualFetch(String(address?.url ?? address).replace(/^https:\/\/(www\.)?slack\.com\/api\//, sandbox.href), options);
