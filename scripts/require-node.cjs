// Every npm script begins here: an older Node would fail later, with a message that does not name the remedy.
if (Number(process.versions.node.split(".")[0]) < 24) {
  console.error(
    `Node 24 or newer is needed; this is ${process.version}. Run "npm ci": it installs one for the scripts.`,
  );
  process.exit(1);
}
