#!/usr/bin/env perl
use strict;
use warnings;

binmode STDIN;
my $length = $ENV{CONTENT_LENGTH} || 0;
my $body   = '';
while (length $body < $length) {
    read(STDIN, $body, $length - length $body, length $body) or last;
}
print "Status: 400 Bad Request\n" if $body eq '';
print "Content-Type: text/plain\n\n";
printf "%d bytes of %s\n", length $body, $ENV{CONTENT_TYPE} // 'nothing';
