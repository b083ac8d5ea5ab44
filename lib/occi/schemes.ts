/** The schemes that the specifications reserve and the field uses; everything else is a provider's or a user's (CORE-2). */
export const CORE = 'http://schemas.ogf.org/occi/core#';
export const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#';
/** Clients may not define mixins below this prefix (CORE-2). */
export const RESERVED = 'http://schemas.ogf.org/occi/';
