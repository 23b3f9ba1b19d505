// The command line; grows in src/cli.
process.stdout.write('samsa\n')
