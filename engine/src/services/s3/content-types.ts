/**
 * The content types that `aws s3 sync` guesses, which are Python's: a deployment through CDK must label files as
 * the one on AWS does, so a library with another opinion (e.g. of `.js`, `.xml` or `.ico`) will not do.
 * https://docs.python.org/3/library/mimetypes.html
 */
const TYPES: Readonly<Record<string, string>> = Object.fromEntries(
  `text/html html htm
text/css css
text/javascript js mjs
text/plain txt bat c h ksh pl log
text/csv csv
text/markdown md
text/tab-separated-values tsv
text/x-python py
text/xml xml
text/vtt vtt
text/calendar ics
text/x-vcard vcf
text/richtext rtx
text/x-sgml sgm sgml
application/json json
application/manifest+json webmanifest
application/wasm wasm
application/pdf pdf
application/zip zip
application/x-tar tar
application/rtf rtf
application/msword doc dot wiz
application/vnd.ms-excel xls xlb
application/vnd.ms-powerpoint ppt pot ppa pps pwz
application/vnd.openxmlformats-officedocument.wordprocessingml.document docx
application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx
application/vnd.openxmlformats-officedocument.presentationml.presentation pptx
application/vnd.apple.mpegurl m3u m3u8
application/postscript ai eps ps
application/octet-stream bin a dll exe o obj so
application/x-sh sh
application/x-shockwave-flash swf
application/x-tex tex
application/x-latex latex
application/xml xsl rdf wsdl xpdl
font/woff woff
font/woff2 woff2
font/ttf ttf
font/otf otf
application/vnd.ms-fontobject eot
image/png png
image/jpeg jpg jpeg jpe
image/gif gif
image/svg+xml svg
image/webp webp
image/avif avif
image/bmp bmp
image/tiff tif tiff
image/heic heic
image/heif heif
image/vnd.microsoft.icon ico
image/x-portable-anymap pnm
audio/mpeg mp3 mp2
audio/aac aac
audio/ogg oga opus
audio/x-wav wav
audio/basic au snd
audio/midi mid midi
audio/x-aiff aif aifc aiff
audio/3gpp 3gp
video/mp4 mp4
video/mpeg mpeg mpg mpe m1v mpa
video/webm webm
video/ogg ogv
video/quicktime mov qt
video/x-msvideo avi`
    .split('\n')
    .flatMap((line) => {
      const [type = '', ...extensions] = line.split(' ');
      return extensions.map((extension) => [extension, type]);
    }),
);

/** Endings that say how a file is packed, not what it is. */
const PACKED = /\.(gz|z|bz2|xz|br)$/i;

export function contentTypeOf(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(PACKED, '');
  const dot = name.lastIndexOf('.');
  return dot > 0 ? TYPES[name.slice(dot + 1).toLowerCase()] : undefined;
}
