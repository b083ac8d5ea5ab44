/** The services of an OpenStack that are called here. */

/** For each the types that catalogues give it, the one to prefer first (service-types authority). */
export const SERVICES = {
  compute: ['compute'],
  network: ['network'],
  volume: ['block-storage', 'volumev3', 'block-store'],
  image: ['image'],
} as const satisfies Record<string, readonly string[]>;

/** A service that the catalogue of a token names. */
export type CatalogueService = keyof typeof SERVICES;

/** Keystone is named by the settings. */
export type ServiceName = CatalogueService | 'identity';
