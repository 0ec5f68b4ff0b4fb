// What a password needs, as the service sees it; the service has the last word.

const SHORTEST = 10;
/** Taken out of a password, they must leave something to guess. */
const COMMON = ["password", "12345", "qwerty", "xiaoer", "abcde", "11111", "88888"];
const LEFT = 5;

/** `[{rule, met}]`; met is null while nothing can be said. `refused`: a password that the service called easy to guess. */
export function rulesOf({ id, password, again, refused }) {
  const typed = password.length > 0;
  const folded = password.toLowerCase();
  const account = id.trim().toLowerCase();
  const rest = [...COMMON.reduce((left, word) => left.replaceAll(word, ""), folded)].length;
  const isName = account !== "" && folded.includes(account) && rest < SHORTEST + account.length;
  const isCommon = new Set(folded).size < LEFT || rest < LEFT || password === refused;
  return [
    { rule: "length", met: [...password].length >= SHORTEST },
    { rule: "id", met: typed ? !isName : null },
    { rule: "common", met: typed ? !isCommon : null },
    { rule: "same", met: again ? again === password : null },
  ];
}
