<?php
// A CGI script in PHP, with nothing but its standard library (no gd).
//
//     /cgi-bin/porch.php/environment   what the server tells a script, as a page
//     /cgi-bin/porch.php/form          a form with fields and a file, and what came of it
//     /cgi-bin/porch.php/picture       a PNG: the mosaic of a round floor, ?rings=2 to 7
//     /cgi-bin/porch.php/greeting      greets whoever signed the guest book, by their session
//     /cgi-bin/porch.php/about         JSON: which PHP this is
//
// A request comes in $_SERVER, $_GET, $_POST and $_FILES, and what is printed is the answer.
declare(strict_types=1);

// Of the picture.
const WIDTH = 480;
const HEIGHT = 320;
const STONE = 5; // pixels
// Lime, terracotta, ochre, slate, and the joints between them.
const STONES = [[236, 226, 205], [158, 78, 52], [206, 156, 82], [62, 84, 98], [182, 168, 142]];
const SHADES = 8; // no two stones are quite alike

class Refusal extends Exception {}

try {
    main($_SERVER['PATH_INFO'] ?? '', $_SERVER['REQUEST_METHOD'] ?? 'GET');
} catch (Refusal $refusal) {
    http_response_code($refusal->getCode());
    send_page('Not like this', '<p>' . text_of($refusal->getMessage()) . '</p>');
}

function main(string $place, string $method): void
{
    if (!in_array($method, ['GET', 'HEAD']) && "$method $place" !== 'POST /form') {
        throw new Refusal('This takes GET; the form takes POST, too.', 405);
    }
    switch ($place) {
        case '/about':
            $about = ['language' => 'PHP', 'version' => PHP_VERSION];
            answer('application/json', json_encode($about));
            break;
        case '/environment':
            // Under CGI the environment; under FastCGI the same, which came with the request.
            $told = getenv();
            ksort($told);
            send_page('The environment', table(array_map(null, array_keys($told), $told)));
            break;
        case '/greeting':
            send_page('Good day', greeting($_SERVER['PORTICO_SESSION_USER'] ?? ''));
            break;
        case '/form':
            $method === 'POST'
                ? send_page('What came', table(what_came()))
                : send_page('A form', form());
            break;
        case '/picture':
            answer('image/png', picture(rings_asked_for()));
            break;
        default:
            throw new Refusal('There is nothing here. Try /environment.', 404);
    }
}

// --- what comes in ---

/** The form as rows of a name and a text; of a file, what it is. */
function what_came(): array
{
    $length = (int) ($_SERVER['CONTENT_LENGTH'] ?? 0);
    if ($length > 0 && $_POST === [] && $_FILES === []) {
        // PHP reads forms itself, before the script runs, and says only so when one is no form.
        throw new Refusal('This is no form, or a larger one than is taken.', 400);
    }
    $rows = [];
    foreach ($_POST as $name => $value) {
        $rows[] = [(string) $name, is_array($value) ? json_encode($value) : $value];
    }
    foreach ($_FILES as $name => $file) {
        if (is_array($file['error']) || $file['error'] === UPLOAD_ERR_NO_FILE) {
            continue; // a field with [] in its name, which this form has none of
        }
        if ($file['error'] !== UPLOAD_ERR_OK) {
            throw new Refusal("The file did not come whole (PHP's error {$file['error']}).", 400);
        }
        // It lies in a temporary file, which is gone when the script ends.
        $digest = hash_file('sha256', $file['tmp_name']);
        $about = "{$file['name']}\n{$file['type']}, {$file['size']} bytes\nSHA-256 $digest";
        $rows[] = [(string) $name, $about];
    }
    return $rows;
}

// --- what goes out ---

function answer(string $type, string $content): void
{
    header("Content-Type: $type");
    header('Content-Length: ' . strlen($content));
    echo $content;
}

function send_page(string $title, string $main): void
{
    $here = script_name();
    $title = text_of($title);
    header('Cache-Control: no-store');
    answer('text/html; charset=utf-8', <<<HTML
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>$title · PHP · Portico</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/style.css">
    <header class="frame top"><a class="mark" href="/">Portico</a>
    <nav aria-label="Pages"><ul><li><a href="/programs/">Programs</a></li>
    <li><a href="$here/environment">Environment</a></li><li><a href="$here/form">Form</a></li>
    <li><a href="$here/picture">Picture</a></li></ul></nav></header>
    <main class="frame"><div class="title"><h1>$title</h1>
    <p class="lead">This page was printed by a script in PHP.</p></div>
    <section>$main</section></main>
    </html>

    HTML);
}

/** The script's own address, as a link has it. */
function script_name(): string
{
    $parts = explode('/', $_SERVER['SCRIPT_NAME'] ?? '');
    return text_of(implode('/', array_map(rawurlencode(...), $parts)));
}

/** Text from outside as text of a page: what is no UTF-8 becomes U+FFFD. */
function text_of(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE | ENT_HTML5, 'UTF-8');
}

/** A list of names and texts; whatever comes from outside is escaped here. */
function table(array $rows): string
{
    $lines = array_map(function (array $row): string {
        [$name, $text] = array_map(text_of(...), array_map(strval(...), $row));
        return "<dt>$name</dt><dd>$text</dd>";
    }, $rows);
    return '<dl class="told">' . implode('', $lines) . '</dl>';
}

/** `$user` is whose session it is, as the server tells: no cookie is read here. */
function greeting(string $user): string
{
    if ($user === '') {
        return '<p>We have not met. Sign the <a href="/guests/">guest book</a>, and come back.</p>';
    }
    $name = text_of($user);
    return "<p>Good day, <strong>$name</strong>. You signed the <a href=\"/guests/\">guest book</a>.</p>";
}

function form(): string
{
    $here = script_name();
    return <<<HTML
    <form class="sheet" method="post" action="$here/form" enctype="multipart/form-data">
    <label for="name">Name</label><input id="name" name="name" maxlength="80" required>
    <label for="text">A line or two</label><textarea id="text" name="text" rows="3"></textarea>
    <label for="file">A file of up to 1 MB; it is looked at, and not kept</label>
    <input id="file" type="file" name="file">
    <button>Send</button></form>
    HTML;
}

// --- the picture: a floor of small stones, laid in rings ---

function rings_asked_for(): int
{
    $rings = $_GET['rings'] ?? '4';
    if (!is_string($rings) || !preg_match('/\A[2-7]\z/', $rings)) {
        throw new Refusal('Rings are a whole number from 2 to 7.', 400);
    }
    return (int) $rings;
}

/** One byte a pixel, which names a colour of the palette. */
function picture(int $rings): string
{
    $rows = '';
    for ($y = 0; $y < HEIGHT; $y += 1) {
        $rows .= "\0"; // each row says how it is filtered: not at all
        for ($x = 0; $x < WIDTH; $x += 1) {
            $rows .= chr(stone_at($x - WIDTH / 2 + 0.5, $y - HEIGHT / 2 + 0.5, $rings));
        }
    }
    return png($rows);
}

function stone_at(float $x, float $y, int $rings): int
{
    $far = hypot($x, $y);
    if ($far > 158) {
        return outer_stone((int) floor($x + 1000), (int) floor($y + 1000));
    }
    // Stones lie in circles, in each of them as many as fit, so that they stay square.
    $row = intdiv((int) $far, STONE);
    $count = max(6, (int) round(2 * M_PI * ($row + 0.5) / 6) * 6);
    $turn = (atan2($y, $x) / (2 * M_PI) + 1) * $count;
    $along = ($turn - floor($turn)) * 2 * M_PI * $far / $count;
    if ($far - $row * STONE < 1 || $along < 1) {
        return 4 * SHADES;
    }
    $number = (int) floor($turn) % $count;
    return pattern($row * STONE / 158, $number / $count, $rings) * SHADES + shade($row, $number);
}

/** Which stone: waves of as many rings as were asked for, between borders. */
function pattern(float $far, float $turn, int $rings): int
{
    $ring = $far * $rings;
    $within = $ring - floor($ring);
    if ($within > 0.86 || $far > 0.95) {
        return 3;
    }
    $waves = 6 * (1 + (int) $ring);
    $wave = 0.43 + 0.33 * sin(2 * M_PI * $turn * $waves) * ((int) $ring % 2 ? 1 : -1);
    if (abs($within - $wave) < 0.11) {
        return 1;
    }
    return $within < $wave ? 2 : 0;
}

function outer_stone(int $x, int $y): int
{
    if ($x % STONE === 0 || $y % STONE === 0) {
        return 4 * SHADES;
    }
    [$column, $row] = [intdiv($x, STONE), intdiv($y, STONE)];
    $kind = ($column + $row) % 8 === 0 || ($column - $row) % 8 === 0 ? 1 : 0;
    return $kind * SHADES + shade($row, $column);
}

function shade(int $one, int $other): int
{
    return crc32("$one $other") % SHADES;
}

function png(string $rows): string
{
    $palette = '';
    foreach (STONES as $colour) {
        for ($shade = 0; $shade < SHADES; $shade += 1) {
            $darker = fn(int $part): int => (int) ($part * (1 - $shade / 45));
            $palette .= pack('C3', ...array_map($darker, $colour));
        }
    }
    $head = pack('NNC5', WIDTH, HEIGHT, 8, 3, 0, 0, 0); // 8 bits, a colour of the palette
    $content = [['IHDR', $head], ['PLTE', $palette], ['IDAT', gzcompress($rows)], ['IEND', '']];
    $chunks = array_map(function (array $chunk): string {
        [$kind, $bytes] = $chunk;
        return pack('N', strlen($bytes)) . $kind . $bytes . pack('N', crc32($kind . $bytes));
    }, $content);
    return "\x89PNG\r\n\x1a\n" . implode('', $chunks);
}
