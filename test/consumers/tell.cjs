/** Every entry point is used once, with whatever copy of it the caller imported. */
exports.tell = async ({ createOplead, isOpleadError, OpleadError, rawClient, createFakeOplead }, { user, token }) => {
  const fake = createFakeOplead({ token });
  const { url, close } = await fake.listen();
  try {
    const oplead = createOplead({ token, baseUrl: url, rateLimit: false });
    const { outcome } = await oplead.upsertUser(user);
    const { response } = await rawClient(oplead).GET("/v1/settings/user-profiles");
    const error = await oplead.upsertUser({ ...user, email: "not an address" }).catch((caught) => caught);
    return {
      outcome,
      users: fake.users.length,
      rawStatus: response.status,
      error: { code: error.code, recognised: isOpleadError(error), instance: error instanceof OpleadError },
    };
  } finally {
    await close();
  }
};
