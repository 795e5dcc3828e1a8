import { type FakeRuleName, fakeRules } from "../rules.ts";
import { isObject } from "../values.ts";
import { type Platform, type Reply, refuse } from "./platform.ts";

export function setRule(name: FakeRuleName) {
  const { fits, expected, field = "" } = fakeRules[name];
  return ({ store, replica, ids, disabledRules, like }: Platform, idOrAccountNumber: string, body: unknown): Reply => {
    const user = replica.find("rule", idOrAccountNumber);
    if (!user) return { ...refuse(404, "User not found."), form: like.notFoundForm };
    if (disabledRules.has(name)) return refuse(403, `The rule "${name}" is not enabled for this platform.`);
    if (!fits(body)) return refuse(422, undefined, [{ field, message: `${expected} is expected.` }]);
    if (
      !like.requestTypes &&
      Array.isArray(body) &&
      body.some((one) => isObject(one) && one.requestType !== undefined)
    ) {
      return refuse(422, undefined, [{ field: "requestType", message: "This platform has ranges only." }]);
    }
    const answer = { id: ids.sent(user.id), [name]: body };
    return { status: 200, body: answer, write: () => store.putRule(user.id, name, body) };
  };
}
