/**
 * The same short story for every run time: a user is sent twice, a token is wrong, and a server isn't there. It returns
 * what happened as plain data. The test, which owns the server, compares that with the requests that arrived. The
 * caller passes the package, which it has imported or required.
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
