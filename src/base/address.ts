/** The address that Oplead documents. */
export const DOCUMENTED_ADDRESS = "https://api.oplead.com";

/** The address of a client: the one given, else that of the environment, in which an empty variable says nothing. */
export function addressOf<Given>(given: Given | undefined, fromEnvironment: string | undefined): Given | string {
  return given === undefined ? fromEnvironment || DOCUMENTED_ADDRESS : given;
}
