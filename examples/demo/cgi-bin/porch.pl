#!/usr/bin/env perl
# A CGI script in Perl, with nothing but what comes with it (CGI.pm left it in 5.22).
#
#     /cgi-bin/porch.pl/environment   what the server tells a script, as a page
#     /cgi-bin/porch.pl/form          a form with fields and a file, and what came of it
#     /cgi-bin/porch.pl/picture       an SVG: a rose window, ?petals=5 to 24
#     /cgi-bin/porch.pl/about         JSON: which Perl this is
#
# A request comes as environment variables and, where it has a body, on standard input; what is
# printed is the answer: fields, an empty line, content.
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use Encode qw(decode encode);

my $BODY_BYTES_MAX = 1024 * 1024;    # all of it is held in memory
my $FIELDS_MAX     = 100;
my $PI             = atan2(0, -1);

binmode STDIN;
binmode STDOUT;

my $place  = $ENV{PATH_INFO}      // '';
my $method = $ENV{REQUEST_METHOD} // 'GET';
if ($method !~ /\A(?:GET|HEAD)\z/ and "$method $place" ne 'POST /form') {
    refuse('405 Method Not Allowed', 'This takes GET; the form takes POST, too.');
} elsif ($place eq '/about') {
    my $version = sprintf '%vd', $^V;
    answer('200 OK', 'application/json', qq({"language": "Perl", "version": "$version"}));
} elsif ($place eq '/environment') {
    send_page('The environment', table(map { [$_, $ENV{$_}] } sort keys %ENV));
} elsif ($place eq '/form') {
    send_page($method eq 'POST' ? ('What came', table(what_came())) : ('A form', form()));
} elsif ($place eq '/picture') {
    answer('200 OK', 'image/svg+xml', picture(petals_asked_for()));
} else {
    refuse('404 Not Found', 'There is nothing here. Try /environment.');
}

# --- what comes in ---

# Exactly as many bytes as were announced: standard input may stay open behind them.
sub read_body {
    my $announced = $ENV{CONTENT_LENGTH} // '';
    refuse('411 Length Required', 'How long the form is was not said.')
        unless $announced =~ /\A[0-9]{1,15}\z/;
    refuse('413 Content Too Large', "A form of up to $BODY_BYTES_MAX bytes is taken.")
        if $announced > $BODY_BYTES_MAX;
    my $body = '';
    while (length $body < $announced) {
        read(STDIN, $body, $announced - length $body, length $body)
            or refuse('400 Bad Request', 'The form ends too early.');
    }
    return $body;
}

# The form as rows of a name and a text; of a file, what it is.
sub what_came {
    my $body = read_body();
    my $type = $ENV{CONTENT_TYPE} // '';
    return pairs_of($body) if $type =~ m{\Aapplication/x-www-form-urlencoded\s*(?:;|\z)}i;
    my ($boundary) = $type =~ m{\Amultipart/form-data\s*;.*?\bboundary=("[^"]+"|[^\s;"]+)}i;
    refuse('415 Unsupported Media Type', 'This is no form.') unless defined $boundary;
    $boundary =~ tr/"//d;
    return map {
        my ($head, $content) = @$_;
        my ($disposition) = $head =~ /^content-disposition:[ \t]*form-data(.*?)\r?$/im;
        my $name     = parameter($disposition, 'name') // '';
        my $filename = parameter($disposition, 'filename');
        my ($media_type) = $head =~ /^content-type:[ \t]*([^\r\n]*)/im;
        $media_type //= 'text/plain';
        my $about = sprintf "%s\n%s, %d bytes\nSHA-256 %s", $filename // '', $media_type,
            length $content, sha256_hex($content);
        [$name, defined $filename ? $about : $content];
    } parts_of($body, $boundary);
}

# Head and content of each part of a multipart body (RFC 2046, 5.1.1); content as it came.
sub parts_of {
    my ($body, $boundary) = @_;
    # The first delimiter may stand at the very beginning; what is before it is nobody's.
    my (undef, @pieces) = split /\r\n--\Q$boundary\E/, "\r\n$body", -1;
    refuse('400 Bad Request', 'The form is malformed.')
        if !@pieces or @pieces > $FIELDS_MAX or pop(@pieces) !~ /\A--/;
    return map {
        my $blank_line = index $_, "\r\n\r\n";
        refuse('400 Bad Request', 'A part of the form has no head.') if $blank_line < 0;
        [substr($_, 0, $blank_line), substr($_, $blank_line + 4)];
    } @pieces;
}

# Browsers write a quote in a name as %22, so that a value ends at the next one.
sub parameter {
    my ($disposition, $name) = @_;
    return ($disposition // '') =~ /;[ \t]*$name="([^"]*)"/i ? $1 : undef;
}

sub pairs_of {
    my @pairs = split /&/, shift, -1;
    refuse('400 Bad Request', 'There are too many fields.') if @pairs > $FIELDS_MAX;
    return map {
        [map { tr/+/ /; s/%([0-9a-f]{2})/chr hex $1/gier } (split(/=/, $_, 2), '', '')[0, 1]]
    } @pairs;
}

# --- what goes out ---

sub answer {
    my ($status, $media_type, $content, @fields) = @_;
    my $length = length $content;
    my @head   = ("Status: $status", "Content-Type: $media_type", "Content-Length: $length");
    print map({ "$_\n" } @head, @fields), "\n", $content;
}

sub refuse {
    my ($status, $why) = @_;
    send_page($status, '<p>' . text_of($why) . '</p>', $status);
    exit;
}

sub send_page {
    my ($title, $main, $status) = @_;
    my $here  = script_name();
    my $links = join '', map { qq(<li><a href="$here/\l$_">$_</a></li>) }
        qw(Environment Form Picture);
    answer($status // '200 OK', 'text/html; charset=utf-8', <<"END", 'Cache-Control: no-store');
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title · Perl · Portico</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
<header class="frame top"><a class="mark" href="/">Portico</a>
<nav aria-label="Pages"><ul><li><a href="/programs/">Programs</a></li>$links</ul></nav></header>
<main class="frame"><div class="title"><h1>$title</h1>
<p class="lead">This page was printed by a script in Perl.</p></div>
<section>$main</section></main>
</html>
END
}

# The script's own address, as a link has it.
sub script_name {
    return ($ENV{SCRIPT_NAME} // '') =~ s{([^\w./~-])}{sprintf '%%%02X', ord $1}ager;
}

# Bytes from outside as text of a page: what is no UTF-8 becomes U+FFFD.
sub text_of {
    my $text = encode('UTF-8', decode('UTF-8', shift));
    my %name = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;', "'" => '&#39;');
    return $text =~ s/([&<>"'])/$name{$1}/gr;
}

# A list of names and texts; whatever comes from outside is escaped here.
sub table {
    my @lines = map { sprintf '<dt>%s</dt><dd>%s</dd>', map { text_of($_) } @$_ } @_;
    return '<dl class="told">' . join('', @lines) . '</dl>';
}

sub form {
    my $here = script_name();
    return <<"END";
<form class="sheet" method="post" action="$here/form" enctype="multipart/form-data">
<label for="name">Name</label><input id="name" name="name" maxlength="80" required>
<label for="text">A line or two</label><textarea id="text" name="text" rows="3"></textarea>
<label for="file">A file of up to 1 MB; it is looked at, and not kept</label>
<input id="file" type="file" name="file">
<button>Send</button></form>
END
}

# --- the picture: a rose window, of as many petals as are asked for ---

sub petals_asked_for {
    my ($petals) = ($ENV{QUERY_STRING} // '') =~ /(?:\A|&)petals=([^&]*)/;
    $petals //= 12;
    refuse('400 Bad Request', 'Petals are a whole number from 5 to 24.')
        unless $petals =~ /\A[0-9]{1,2}\z/ and $petals >= 5 and $petals <= 24;
    return $petals;
}

sub picture {
    my ($petals) = @_;
    my $half = $PI / $petals;
    my @glass;
    for my $at (0 .. $petals - 1) {
        my $turn  = 360 * $at / $petals;
        my $width = least(30, 70 * sin $half);
        my $round = least(15, 94 * sin $half / 2);
        my $hue   = 200 + 36 * sin(2 * $PI * $at / $petals);
        my $other = $at % 2 ? 40 : 8;
        push @glass, sprintf(<<'END', $turn, $hue, petal($width, 38, 110), $round, $other);
<g transform="rotate(%.2f)"><path fill="hsl(%.0f 52%% 48%%)" d="%s"/>
<circle cy="-129" r="%.1f" fill="hsl(%.0f 68%% 55%%)"/></g>
END
    }
    my @studs = map { sprintf '<circle cy="-129" r="4.5" transform="rotate(%.2f)"/>', $_ }
        map { (2 * $_ + 1) * 180 / $petals } 0 .. $petals - 1;
    return <<"END";
<svg xmlns="http://www.w3.org/2000/svg" viewBox="-240 -160 480 320" width="480" height="320">
<title>A rose window of $petals petals</title>
<defs><radialGradient id="day"><stop offset="0" stop-color="#fff6dc" stop-opacity=".75"/>
<stop offset="1" stop-color="#fff6dc" stop-opacity="0"/></radialGradient></defs>
<path fill="#d9ccb5" d="M-240-160H240V160H-240Z"/>
<path fill="none" stroke="#c6b797"
d="M-240-96H240M-240-32H240M-240 32H240M-240 96H240M-180-160V-96M170-160V-96M-210-96V-32M205-96V-32
M-176-32V32M190-32V32M-215 32V96M214 32V96M-170 96V160M176 96V160"/>
<circle r="156" fill="#e9dfcc" stroke="#8a7558" stroke-width="2"/>
<circle r="148" fill="#4a4238"/>
<g stroke="#2b251e" stroke-width="2.5">@glass</g>
<g fill="#c9533a" stroke="#2b251e" stroke-width="1.5">@studs</g>
<circle r="30" fill="#e9b44c" stroke="#2b251e" stroke-width="3"/>
<circle r="13" fill="#fff1cf" stroke="#2b251e" stroke-width="2"/>
<circle cx="-50" cy="-60" r="150" fill="url(#day)"/>
</svg>
END
}

# An outline that is narrow at the middle of the window and round at its end.
sub petal {
    my ($width, $from, $to) = @_;
    my $shoulder = $to - $width;
    my @curve = ($width / 4, -$from - 8, $width, 26 - $shoulder);
    return sprintf 'M0 %d C%.1f %.1f %.1f %.1f %.1f %.1f A%4$.1f %4$.1f 0 0 0 -%4$.1f %7$.1f'
        . ' C-%4$.1f %5$.1f -%2$.1f %3$.1f 0 %1$d Z', -$from, @curve, $width, -$shoulder;
}

sub least { my ($one, $other) = @_; return $one < $other ? $one : $other }
