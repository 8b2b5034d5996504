local worker = ARGV[1]
return empty(worker, false)
