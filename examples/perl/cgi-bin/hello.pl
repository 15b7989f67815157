use strict;
use warnings;

my ($name) = $ENV{QUERY_STRING} =~ /(?:^|&)name=(\w+)/;
print "Content-Type: text/plain; charset=utf-8\n\n";
print 'Hello, ', $name // 'world', ".\n";
