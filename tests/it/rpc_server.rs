//! The examples rpc_server and rpc_client: the contract of their command lines, the protocol by hand, hostile clients.

#[path = "../../examples/shared/rpc/mod.rs"]
#[allow(dead_code, reason = "the examples use the rest")]
mod rpc;

use rpc::{
    assembly::{Assembly, Refused},
    bind::{Ack, Bind},
    pdu::{self, Pdu, flag, kind},
};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpStream},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};
use wintask::{
    client::schrpc,
    dtyp::NetApiStatus,
    ndr::{ByteOrder, Fault, Syntax, Transfer},
    rpc::{
        Call, Interface, Message, atsvc,
        sasec::{self, SAGetNSAccountInformation},
        schrpc::{SchRpcHighestVersion, SchRpcHighestVersionResponse, TaskLogonType},
    },
};

fn example(name: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--example", name, "--"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// A running server.
struct Server {
    process: Child,
    out: BufReader<ChildStdout>,
    address: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut process = example("rpc_server")
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let address = line.strip_prefix("listening on ").expect(&line).trim_end().to_owned();
        Self { process, out, address }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Ends its input; what it printed on standard error.
    fn stop(mut self) -> String {
        drop(self.process.stdin.take());
        let mut errors = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert!(self.process.wait().unwrap().success());
        errors
    }
}

const WHOLE: u8 = flag::FIRST | flag::LAST;
const LITTLE: ByteOrder = ByteOrder::Little;

/// A connection that is bound to an interface.
struct Client {
    stream: TcpStream,
    transfer: Transfer,
    fragment: u16,
}

impl Client {
    fn bind(server: &Server, interface: &Interface, syntax: Syntax) -> Self {
        let mut stream = server.connect();
        stream.write_all(&pdu::build(kind::BIND, WHOLE, 1, LITTLE, &Bind::body(interface, syntax))).unwrap();
        let answer = Pdu::read(&mut stream).unwrap().unwrap();
        assert_eq!((answer.kind, Ack::parse(&answer).unwrap().verdict), (kind::BIND_ACK, (0, 0)));
        let transfer = if syntax == Syntax::Ndr64 { Transfer::NDR64 } else { Transfer::NDR20 };
        Self { stream, transfer, fragment: rpc::FRAGMENT }
    }

    fn exchange(&mut self, context: u16, opnum: u16, stub: &[u8]) -> Result<(Vec<u8>, usize), Fault> {
        let order = self.transfer.order;
        let head = [context, opnum];
        self.stream.write_all(&pdu::fragments(kind::REQUEST, 7, order, head, stub, self.fragment)).unwrap();
        answer(&mut self.stream)
    }

    fn call<C: Call>(&mut self, request: &C) -> Result<C::Response, Fault> {
        let stub = request.encode_as(self.transfer).unwrap();
        let (stub, _) = self.exchange(0, C::OPNUM, &stub)?;
        Ok(C::Response::decode_as(&stub, self.transfer).unwrap())
    }
}

/// The stub of the response, and how many fragments it came in.
fn answer(stream: &mut TcpStream) -> Result<(Vec<u8>, usize), Fault> {
    let mut pending = None;
    for count in 1.. {
        let pdu = Pdu::read(stream).unwrap().expect("an answer");
        if pdu.kind == kind::FAULT {
            let mut bytes = pdu.bytes();
            bytes.take(8).unwrap();
            return Err(Fault(bytes.u32().unwrap()));
        }
        assert_eq!(pdu.kind, kind::RESPONSE);
        match Assembly::take(&mut pending, &pdu) {
            Ok(false) => {}
            Ok(true) => return Ok((std::mem::take(&mut pending.unwrap().stub), count)),
            Err(Refused::Protocol(error)) => panic!("{error}"),
            Err(Refused::TooLarge) => panic!("the response is too large"),
        }
    }
    unreachable!()
}

fn version(client: &mut Client) -> u32 {
    client.call(&SchRpcHighestVersion {}).unwrap().version
}

const DEFINITION: &str = "<Task version='1.2' xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'>\
    <Actions><Exec><Command>backup.exe</Command></Exec></Actions></Task>";

/// Both transfer syntaxes, both byte orders, fragments of the smallest size in both directions.
#[test]
fn calls_in_every_encoding() {
    let server = Server::start(&["--administrator"]);
    for (number, syntax) in [Syntax::Ndr20, Syntax::Ndr64].into_iter().enumerate() {
        let mut client = Client::bind(&server, &wintask::rpc::schrpc::INTERFACE, syntax);
        for order in [ByteOrder::Little, ByteOrder::Big] {
            client.transfer = client.transfer.with_order(order);
            assert_eq!(version(&mut client), 0x0001_0006);
            client.fragment = 64;
            let path = format!(r"\task {number} {order:?}");
            let request = schrpc::register(path.as_str(), DEFINITION, TaskLogonType::NONE);
            let response = client.call(&request).unwrap();
            assert_eq!(schrpc::registered(&request, response), Ok(Some(path.as_str().into())));
            client.fragment = rpc::FRAGMENT;
        }
    }
    let log = server.stop();
    let registered = "ITaskSchedulerService SchRpcRegisterTask S_OK (0x00000000)";
    assert_eq!(log.lines().filter(|line| *line == registered).count(), 4, "{log}");
}

/// The server keeps to the size of fragments that the client receives.
#[test]
fn responses_in_fragments() {
    let server = Server::start(&["--administrator"]);
    let mut stream = server.connect();
    let mut body = Bind::body(&wintask::rpc::schrpc::INTERFACE, Syntax::Ndr20);
    body[2..4].copy_from_slice(&100_u16.to_le_bytes());
    stream.write_all(&pdu::build(kind::BIND, WHOLE, 1, LITTLE, &body)).unwrap();
    assert_eq!(Pdu::read(&mut stream).unwrap().unwrap().kind, kind::BIND_ACK);
    let mut client = Client { stream, transfer: Transfer::NDR20, fragment: 200 };
    let request = schrpc::register(r"\task", DEFINITION, TaskLogonType::NONE);
    client.call(&request).unwrap();
    let stub = schrpc::retrieve(r"\task", &[]).encode().unwrap();
    let (stub, count) = client.exchange(0, 2, &stub).unwrap();
    assert_eq!(count, stub.len().div_ceil(72)); // 100 less a header of 24, in whole units of 8
    assert!(count > 20, "{count}");
}

/// The results of a bind and of an alter_context, as (result, reason) (C706 12.6.4.4, [MS-RPCE] 3.3.1.5.3).
#[test]
fn contexts_and_verdicts() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    // The body of a bind with several contexts: (abstract syntax, version, transfer syntaxes).
    let context = |id: u16, interface: &[u8], transfers: &[&[u8]]| {
        let mut item = id.to_le_bytes().to_vec();
        item.extend([u8::try_from(transfers.len()).unwrap(), 0]);
        item.extend(interface);
        item.extend(transfers.concat());
        item
    };
    let syntax = |interface: &Interface, syntax| Bind::body(interface, syntax)[16..].to_vec();
    let tasks = syntax(&wintask::rpc::schrpc::INTERFACE, Syntax::Ndr20);
    let accounts = syntax(&sasec::INTERFACE, Syntax::Ndr64);
    let ((tasks, ndr20), (accounts, ndr64)) = (tasks.split_at(20), accounts.split_at(20));
    let features = uuid::uuid!("6cb71c2c-9812-4540-0300-000000000000").to_bytes_le();
    let features = [&features[..], &[1, 0, 0, 0]].concat();
    let unknown = [9; 20];
    let newer = [&tasks[..16], &[2, 0, 0, 0]].concat();
    let items = [
        context(0, tasks, &[ndr20]),
        context(1, tasks, &[&unknown, ndr64]),
        context(2, tasks, &[&features]),
        context(3, &unknown, &[ndr20]),
        context(4, accounts, &[&unknown]),
        context(5, &newer, &[ndr20]),
    ];
    let mut body = [0xD0, 0x16, 0xD0, 0x16, 0, 0, 0, 0, 6, 0, 0, 0].to_vec();
    body.extend(items.concat());
    stream.write_all(&pdu::build(kind::BIND, WHOLE, 1, LITTLE, &body)).unwrap();
    let ack = Pdu::read(&mut stream).unwrap().unwrap();
    let results = ack.body[ack.body.len() - 6 * 24..].chunks(24);
    let results: Vec<_> = results.map(|result| (result[0], result[2])).collect();
    assert_eq!(results, [(0, 0), (0, 0), (3, 0), (2, 1), (2, 2), (2, 1)]);

    // One more interface, as context 9, in place of the unknown one.
    let mut body = [0xD0, 0x16, 0xD0, 0x16, 0, 0, 0, 0, 1, 0, 0, 0].to_vec();
    body.extend(context(9, accounts, &[ndr64]));
    stream.write_all(&pdu::build(kind::ALTER_CONTEXT, WHOLE, 2, LITTLE, &body)).unwrap();
    let answer = Pdu::read(&mut stream).unwrap().unwrap();
    assert_eq!((answer.kind, Ack::parse(&answer).unwrap().verdict), (kind::ALTER_CONTEXT_RESP, (0, 0)));

    let mut client = Client { stream, transfer: Transfer::NDR20, fragment: rpc::FRAGMENT };
    for context in [0, 1] {
        let (stub, _) = client.exchange(context, 0, &[]).unwrap();
        assert_eq!(SchRpcHighestVersionResponse::decode(&stub).unwrap().version, 0x0001_0006);
    }
    let stub = SAGetNSAccountInformation::default().encode_as(Transfer::NDR64).unwrap();
    assert!(client.exchange(9, 2, &stub).is_ok());
    // Contexts that were not accepted, and one that was never proposed.
    for context in [2, 3, 4, 5, 77] {
        assert_eq!(client.exchange(context, 0, &[]).unwrap_err(), Fault::UNKNOWN_INTERFACE);
    }
    assert_eq!(client.exchange(0, 20, &[]).unwrap_err(), Fault::OPNUM_OUT_OF_RANGE);
    assert_eq!(client.exchange(0, 13, &[1, 2, 3]).unwrap_err(), Fault::BAD_STUB_DATA);
    // The connection goes on.
    assert_eq!(version(&mut client), 0x0001_0006);
}

/// RPC-21: ATSvc answers 50 unless it is enabled.
#[test]
fn at_is_enabled_by_an_option() {
    for (arguments, status) in
        [(&["--administrator"][..], 50), (&["--administrator", "--at-enabled"], 3806), (&["--at-enabled"], 5)]
    {
        let server = Server::start(arguments);
        let mut client = Client::bind(&server, &atsvc::INTERFACE, Syntax::Ndr20);
        let response = client.call(&wintask::client::atsvc::job(1)).unwrap();
        assert_eq!(response.status, NetApiStatus(status), "{arguments:?}");
    }
}

/// The peak of the memory of a process, in bytes.
#[cfg(target_os = "linux")]
fn peak(process: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<usize>().unwrap() * 1024
}

/// PDUs that are not what they claim to be: the connection ends or a fault comes, and the server goes on.
#[test]
fn malformed_pdus() {
    let server = Server::start(&["--administrator"]);
    let bind = pdu::build(
        kind::BIND,
        WHOLE,
        1,
        LITTLE,
        &Bind::body(&wintask::rpc::schrpc::INTERFACE, Syntax::Ndr20),
    );
    let request = |flags, call, body: &[u8]| pdu::build(kind::REQUEST, flags, call, LITTLE, body);
    let head = [0, 0, 0, 0, 0, 0, 0, 0];
    let with = |at: usize, value: u8, mut pdu: Vec<u8>| {
        pdu[at] = value;
        pdu
    };
    let sent: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("a header that ends", bind[..9].to_vec()),
        ("a body that ends", bind[..30].to_vec()),
        ("not RPC", b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n".to_vec()),
        ("version 4", with(0, 4, bind.clone())),
        ("version 5.2", with(1, 2, bind.clone())),
        ("a length of 0", with(9, 0, with(8, 0, bind.clone()))),
        ("a length of 15", with(9, 0, with(8, 15, bind.clone()))),
        ("a length of 16", with(9, 0, with(8, 16, bind.clone()))),
        ("a length of 65535", with(9, 255, with(8, 255, bind.clone()))),
        ("an unknown type", with(2, 99, bind.clone())),
        ("a response", with(2, kind::RESPONSE, bind.clone())),
        ("authentication", with(10, 200, bind.clone())),
        ("255 contexts", with(24, 255, bind.clone())),
        ("255 transfer syntaxes", with(30, 255, bind.clone())),
        ("no contexts", with(24, 0, bind.clone())),
        ("two binds", [bind.clone(), bind.clone()].concat()),
        ("a request before the bind", request(WHOLE, 1, &head)),
        ("an alter_context before the bind", with(2, kind::ALTER_CONTEXT, bind.clone())),
        ("an empty request", [bind.clone(), request(WHOLE, 2, &[])].concat()),
        ("a request of 7 bytes", [bind.clone(), request(WHOLE, 2, &head[..7])].concat()),
        ("half an object", [bind.clone(), request(WHOLE | flag::OBJECT, 2, &head)].concat()),
        ("a middle fragment", [bind.clone(), request(0, 2, &head)].concat()),
        ("a last fragment", [bind.clone(), request(flag::LAST, 2, &head)].concat()),
        (
            "two first fragments",
            [bind.clone(), request(flag::FIRST, 2, &head), request(flag::FIRST, 2, &head)].concat(),
        ),
        (
            "a fragment of another call",
            [bind.clone(), request(flag::FIRST, 2, &head), request(flag::LAST, 3, &head)].concat(),
        ),
        (
            "a fragment in another byte order",
            [
                bind.clone(),
                request(flag::FIRST, 2, &head),
                pdu::build(kind::REQUEST, flag::LAST, 2, ByteOrder::Big, &head),
            ]
            .concat(),
        ),
        (
            "an orphaned call",
            [bind.clone(), request(flag::FIRST, 2, &head), with(2, kind::ORPHANED, bind.clone())].concat(),
        ),
    ];
    for (what, bytes) in sent {
        let mut stream = server.connect();
        // The server may have closed the connection meanwhile.
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(rest.len() < 4096, "{what}: {} bytes", rest.len());
    }
    // Random bytes, with a header that is valid so far.
    let mut random = 1_u64;
    for round in 0..300 {
        let mut stream = server.connect();
        let mut bytes = if round % 2 == 0 { bind.clone() } else { Vec::new() };
        let body: Vec<u8> = (0..round)
            .map(|_| {
                random =
                    random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (random >> 33) as u8
            })
            .collect();
        let kinds = [kind::REQUEST, kind::BIND, kind::ALTER_CONTEXT, kind::CO_CANCEL, kind::AUTH3];
        bytes.extend(pdu::build(kinds[round % 5], WHOLE, 2, LITTLE, &body));
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
    }
    let mut client = Client::bind(&server, &wintask::rpc::schrpc::INTERFACE, Syntax::Ndr20);
    assert_eq!(version(&mut client), 0x0001_0006);
    #[cfg(target_os = "linux")]
    assert!(peak(server.process.id()) < 64 << 20, "{}", peak(server.process.id()));
    let log = server.stop();
    assert!(!log.contains("panicked"), "{log}");
}

/// A request without end is answered with a fault once it is larger than any valid one.
#[test]
fn a_request_without_end() {
    let server = Server::start(&["--administrator"]);
    let mut client = Client::bind(&server, &wintask::rpc::schrpc::INTERFACE, Syntax::Ndr20);
    let body = vec![0; 65_000];
    let mut sent = 0;
    for number in 0_u64.. {
        let flags = if number == 0 { flag::FIRST } else { 0 };
        if client.stream.write_all(&pdu::build(kind::REQUEST, flags, 3, LITTLE, &body)).is_err() {
            break;
        }
        sent += body.len();
        assert!(sent < 2 * rpc::STUB + (16 << 20), "the server takes everything");
    }
    #[cfg(target_os = "linux")]
    assert!(peak(server.process.id()) < 4 * rpc::STUB, "{}", peak(server.process.id()));
    let mut client = Client::bind(&server, &wintask::rpc::schrpc::INTERFACE, Syntax::Ndr20);
    assert_eq!(version(&mut client), 0x0001_0006);
    assert!(server.stop().contains("connection closed: invalid PDU: request is too large"));
}

fn client(server: &Server, arguments: &[&str]) -> (String, String, Option<i32>) {
    let output = example("rpc_client").args(["--connect", &server.address]).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

/// Every command of the client, in NDR 2.0 and in NDR64.
#[test]
fn rpc_client_manages_tasks() {
    let server = Server::start(&["--administrator", "--now", "2024-05-15T10:20:30Z"]);
    for more in [&[][..], &["--ndr64"]] {
        let run = |arguments: &[&str]| client(&server, &[arguments, more].concat());
        let done = |arguments: &[&str]| {
            let (out, errors, status) = run(arguments);
            assert_eq!((errors.as_str(), status), ("", Some(0)), "{arguments:?}");
            out
        };
        let path = r"\Contoso\Backup";
        let registered = format!("registered {path}\n");
        assert_eq!(done(&["register", path, "testdata/xml/backup.xml"]), registered);
        // It is replaced.
        assert_eq!(done(&["register", path, "testdata/xml/backup.xml"]), registered);
        assert_eq!(done(&["list"]), "folder    \\Contoso\nready     \\Contoso\\Backup\n");
        assert_eq!(done(&["list", r"\Contoso"]), "ready     \\Contoso\\Backup\n");
        assert!(done(&["show", path]).contains("<Command>C:\\Tools\\backup.exe</Command>"));
        let never = done(&["runs", path, "--from", "2024-05-20T02:10:00"]);
        assert!(never.starts_with("last     never\nnext     2024-05-20T02:15:00.000\n"), "{never}");
        assert!(done(&["run", path]).starts_with("running {"));
        let running = done(&["runs", path]);
        assert!(
            running.contains("as process 10") && running.contains("last     2024-05-15T10:20:30.000"),
            "{running}"
        );
        assert_eq!(done(&["list"]), "folder    \\Contoso\nrunning   \\Contoso\\Backup\n");
        assert_eq!(done(&["delete", path]), format!("deleted {path}\n"));
        assert_eq!(done(&["delete", r"\Contoso"]), "deleted \\Contoso\n");
        let (out, errors, status) = run(&["show", path]);
        let refused = "rpc_client: SchRpcRetrieveTask was refused: ERROR_FILE_NOT_FOUND (0x80070002)\n";
        assert_eq!((out.as_str(), errors.as_str(), status), ("", refused, Some(1)));
        let bad = "testdata/xml/bad/misspelt-element.xml";
        let (_, errors, status) = run(&["register", path, bad]);
        let refused = "rpc_client: SchRpcRegisterTask was refused: SCHED_E_UNEXPECTEDNODE (0x80041316): \
                       (5,9):StartBoundry:\n";
        assert_eq!((errors.as_str(), status), (refused, Some(1)));
    }
    assert_eq!(client(&server, &["explode"]).2, Some(2));
    drop(server.stop());
}

/// A server that answers nonsense gets an error, not a panic.
#[test]
fn rpc_client_survives_hostile_servers() {
    let ack = [0xD0, 0x16, 0xD0, 0x16, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
    let ack = [&ack[..], &[0; 20]].concat();
    let ack = pdu::build(kind::BIND_ACK, WHOLE, 1, LITTLE, &ack);
    let response = |flags, body: &[u8]| pdu::build(kind::RESPONSE, flags, 2, LITTLE, body);
    for (what, bytes) in [
        ("nothing", vec![]),
        ("not RPC", b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        ("half an answer", ack[..20].to_vec()),
        ("a long address", pdu::build(kind::BIND_ACK, WHOLE, 1, LITTLE, &[0, 0, 0, 0, 0, 0, 0, 0, 255, 255])),
        ("a rejection", pdu::build(kind::BIND_NAK, WHOLE, 1, LITTLE, &[0, 0])),
        ("no call", ack.clone()),
        ("no stub", [ack.clone(), response(WHOLE, &[])].concat()),
        ("half a stub", [ack.clone(), response(WHOLE, &[0, 0, 0, 0, 0, 0, 0, 0, 1])].concat()),
        ("half a fault", [ack.clone(), pdu::build(kind::FAULT, WHOLE, 2, LITTLE, &[0; 9])].concat()),
        ("fragments of nothing", [ack.clone(), response(flag::LAST, &[0; 8])].concat()),
    ] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let serve = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.write_all(&bytes);
            let _ = stream.shutdown(Shutdown::Write);
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let output = example("rpc_client").args(["--connect", &address, "list"]).output().unwrap();
        serve.join().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{what}: {errors}");
        assert!(errors.starts_with("rpc_client: ") && !errors.contains("panicked"), "{what}: {errors}");
    }
}

/// A log that nobody reads, or that nobody can read, does not stop the server.
#[test]
fn a_log_without_a_reader() {
    const CALLS: usize = 3000;
    let mut server = Server::start(&[]);
    let mut client = Client::bind(&server, &wintask::rpc::schrpc::INTERFACE, Syntax::Ndr20);
    for _ in 0..CALLS {
        version(&mut client);
    }
    // More than a pipe holds waited; nothing was lost.
    let errors = server.process.stderr.take().unwrap();
    let lines = BufReader::new(errors).lines().take(CALLS);
    let line = "ITaskSchedulerService SchRpcHighestVersion S_OK (0x00000000)";
    assert!(lines.map(Result::unwrap).all(|read| read == line));
    // The pipe is closed now.
    for _ in 0..10 {
        assert_eq!(version(&mut client), 0x0001_0006);
    }
}

/// What the scheduler asks its host to do, as lines.
#[test]
fn effects_are_printed_when_asked_for() {
    let mut server = Server::start(&["--administrator", "--effects", "--now", "2024-05-15T10:20:30Z"]);
    let mut client = Client::bind(&server, &wintask::rpc::schrpc::INTERFACE, Syntax::Ndr20);
    let request = schrpc::register(r"\f\task", DEFINITION, TaskLogonType::NONE);
    client.call(&request).unwrap();
    let guid = client.call(&schrpc::run(r"\f\task", [""; 0])).unwrap().guid;
    client.call(&schrpc::stop(r"\f\task")).unwrap();
    client.call(&schrpc::delete(r"\f\task")).unwrap();
    drop(server.process.stdin.take());
    let mut out = String::new();
    server.out.read_to_string(&mut out).unwrap();
    let guid = wintask::dtyp::guid::braced(guid);
    for line in [
        r"secure \f in the folder store with ".to_owned(),
        r"write \f\task to the xml store, ".to_owned(),
        r"start action 1 of \f\task, backup.exe, as ".to_owned(),
        format!(r"request instance {guid} of \f\task to end"),
        r"remove \f\task from the xml store".to_owned(),
    ] {
        assert!(out.lines().any(|printed| printed.starts_with(&line)), "{line}\n{out}");
    }
    drop(server.stop());
}

/// Without authentication, nothing but the loopback interface is served.
#[test]
fn rpc_server_listens_on_loopback_only() {
    let output = example("rpc_server").args(["--listen", "0.0.0.0:0"]).stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
