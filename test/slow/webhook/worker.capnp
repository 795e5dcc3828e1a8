using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (
      name = "webhook",
      worker = (
        modules = [(name = "worker.mjs", esModule = embed "worker.bundle.mjs")],
        # From before nodejs_compat's parts became defaults: what needs Node must fail here.
        compatibilityDate = "2024-09-01",
        bindings = [
          (name = "OPLEAD_URL", fromEnvironment = "OPLEAD_URL"),
          (name = "SECRET", fromEnvironment = "SECRET"),
        ],
        globalOutbound = "network",
      ),
    ),
    # workerd's own default is the public internet alone, and the fake listens on the loopback interface.
    (name = "network", network = (allow = ["local", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "webhook")],
);
