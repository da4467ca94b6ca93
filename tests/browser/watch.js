// Whatever the page's policy forbids is told on the console, where the tests hear it.
addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`);
});
