/**
 * The same little story in every run time: one user, sent twice; a wrong token; a server that isn't there. It tells what happened as
 * plain data, and the test, which owns the server, compares that with what arrived there. The package comes from the caller, who imported
 * or required it.
 */
const user = {
  civility: "Mr",
  lastname: "Test",
  login: "t1",
  email: "t1@dealers.example",
  accountNumber: "ACC-1",
  address: { zipCode: "75001", city: "Paris", country: { code: "FR" } },
  profile: { code: "PRF_NETWORK" },
};

export async function journey({ createOplead, isOpleadError }, { url, token, closed }) {
  const told = async (promise) => {
    try {
      const { outcome, id, requests } = await promise;
      return { outcome, id, requests };
    } catch (error) {
      return isOpleadError(error) ? { code: error.code } : { unexpected: String(error?.stack ?? error) };
    }
  };
  const oplead = createOplead({ token, baseUrl: url, rateLimit: false });
  const refused = createOplead({ token: "wrong", baseUrl: url, rateLimit: false });
  const alone = createOplead({ token, baseUrl: closed, rateLimit: false, retry: false });
  return {
    first: await told(oplead.upsertUser(user)),
    second: await told(oplead.upsertUser(user)),
    wrongToken: await told(refused.upsertUser(user)),
    noServer: await told(alone.upsertUser(user)),
  };
}
