process.stdout.write('samsa\n')
