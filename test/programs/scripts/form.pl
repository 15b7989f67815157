#!/usr/bin/env perl
# Answers a form by CGI.pm; "?die" ends without an answer.
use strict;
use warnings;
use CGI;

my $query = CGI->new;
die "nothing to say\n" if $query->param('die');
if (my $to = $query->param('to')) {
    print $query->redirect(-uri => $to, -status => 303);
    exit;
}
my $upload = $query->upload('file');
my $bytes  = 0;
if ($upload) {
    binmode $upload;
    $bytes += length while read $upload, $_, 65536;
}
print $query->header(
    -type    => 'text/plain',
    -charset => 'utf-8',
    -cookie  => $query->cookie(-name => 'seen', -value => ($query->cookie('seen') || 0) + 1),
);
print "method: ", $query->request_method, "\n";
print "path: ",   $query->path_info,      "\n";
print "self: ",   $query->self_url,       "\n";
print "$_: ", join(', ', $query->multi_param($_)), "\n" for grep { $_ ne 'file' } $query->param;
print 'file: ', scalar $query->param('file'), ", $bytes bytes\n" if $upload;
