type Steps = readonly (readonly [step: string, what: string])[];

export const live: (
  endpoint: string,
  mediaType: string,
  login?: { readonly user: string; readonly password: string },
) => Promise<Steps>;
