/** Shapes of EC2's answers: only the fields that are read. The SDK has made objects of the XML; here they are checked. */
export * from './native/catalogue.ts';
export * from './native/instance.ts';
export * from './native/network.ts';
export * from './native/security-group.ts';
export * from './native/tags.ts';
export * from './native/volume.ts';
