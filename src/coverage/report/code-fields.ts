/** The kinds of codes in a lead: how the page's elements name each, its label, and where its codes are. */
export const CODE_FIELDS = [
  { id: "range", label: "Range", codes: "ranges" },
  { id: "type", label: "Request type", codes: "requestTypes" },
  { id: "contact", label: "Contact profile", codes: "contactProfiles" },
  { id: "profile", label: "Profile type", codes: "profileTypes" },
] as const;
