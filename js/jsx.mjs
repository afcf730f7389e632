// esbuild puts these in front of every file that has elements in it: three characters for each instead of `children:`.
export { Fragment, h } from "preact";
