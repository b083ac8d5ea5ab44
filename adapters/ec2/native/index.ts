/** Shapes of EC2's answers: only the fields that are read. The SDK has made objects of the XML; here they are checked. */
export * from './catalogue.ts';
export * from './instance.ts';
export * from './network.ts';
export * from './security-group.ts';
export * from './tags.ts';
export * from './volume.ts';
