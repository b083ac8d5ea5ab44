/** NATIVE: shapes of oned's answers (6.10 as recorded; 5.x to 7.x only add elements). Only the fields that are read. */
export * from './native/image.ts';
export * from './native/network.ts';
export * from './native/security-group.ts';
export * from './native/site.ts';
export * from './native/vm.ts';
