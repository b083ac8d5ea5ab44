// What serverless.yml takes from here: `${file(deploy/template.cjs):…}`. CommonJS, since osls loads files with
// require().
module.exports = async (tools) => {
  const { template } = await import('./stack/template.mjs');
  return template(tools).catch((error) => {
    // What is wrong is said by the message; the packager would print the way that led there.
    throw Object.assign(error, { stack: error.message });
  });
};
