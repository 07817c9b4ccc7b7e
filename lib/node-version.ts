// Imported first by everything that loads better-sqlite3, whose binary crashes an older Node instead of saying why.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 22)) {
  console.error(
    `Modeltrail needs Node 22.22 or newer; this is ${process.version}. Run it through npm (npm start, npm run demo, npm run modeltrail), which brings its own Node 24.`,
  );
  process.exit(1);
}
