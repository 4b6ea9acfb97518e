// Carries out the calls that come as lines of JSON with the snippet in JavaScript, and answers each on a line.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [snippet, base] = process.argv.slice(2);
const { Guestlist, Refused, Unavailable } = await import(pathToFileURL(snippet).href);
const guestlist = new Guestlist(base, "demo-checkout", 3);
for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...words] = JSON.parse(line);
  let answer;
  try {
    answer = await guestlist[name](...words);
  } catch (error) {
    if (error instanceof Refused) answer = { refused: error.code };
    else if (error instanceof Unavailable) answer = { unavailable: true };
    else throw error;
  }
  console.log(JSON.stringify(answer));
}
