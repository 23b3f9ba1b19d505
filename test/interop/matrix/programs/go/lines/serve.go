// Package lines is what the Go programs share: reading requests, writing answers, the verbs of a
// group's member. It knows no client library.
package lines

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

// Answer has the members that the verb promises.
type Answer = map[string]any

// Verb answers one request.
type Verb func(*Request) (Answer, error)

// Member is a consumer that was started in the background.
type Member interface {
	Inbox() *Inbox
	Commit(topic string, offsets []Position) error
	Leave() error
}

// Program is one client library behind the protocol.
type Program struct {
	Library string
	// Module is the path whose version go.mod pins.
	Module string
	Codecs []string
	// Lacks says why, by ability.
	Lacks map[string]string
	Verbs map[string]Verb
	Join  func(*Request) (Member, error)
	// CodeOf finds Kafka's number of an error.
	CodeOf func(error) (int, bool)

	members map[string]Member
}

// Serve answers until `bye` or the end of the input. Every consumer is closed then.
func Serve(program *Program) {
	program.members = map[string]Member{}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			answer, isLast := program.answer(line)
			if err := json.NewEncoder(out).Encode(answer); err != nil {
				fail(err)
			}
			if err := out.Flush(); err != nil {
				fail(err)
			}
			if isLast {
				return
			}
		}
		if err != nil {
			program.leaveAll()
			return
		}
	}
}

// Address is the command line's HOST:PORT.
func Address() string {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: %s HOST:PORT", os.Args[0]))
	}
	return os.Args[1]
}

func (p *Program) answer(line []byte) (Answer, bool) {
	request := &Request{}
	if err := json.Unmarshal(line, request); err != nil {
		fail(fmt.Errorf("%w in %.200s", err, line))
	}
	answer, err := p.run(request)
	if err != nil {
		answer = Answer{"error": err.Error()}
		if code, hasCode := p.CodeOf(err); hasCode {
			answer["code"] = code
		}
	}
	if answer == nil {
		answer = Answer{}
	}
	answer["id"] = request.ID
	return answer, request.Verb == "bye"
}

func (p *Program) run(request *Request) (Answer, error) {
	if why, isLacking := p.Lacks[request.Verb]; isLacking {
		return Answer{"lacks": why}, nil
	}
	switch request.Verb {
	case "hello":
		return Answer{
			"library": p.Library, "version": versionOf(p.Module),
			"codecs": p.Codecs, "lacks": p.Lacks,
		}, nil
	case "join":
		member, err := p.Join(request)
		if err == nil {
			p.members[request.Handle] = member
		}
		return nil, err
	case "assignment", "poll", "commit", "leave":
		return p.ofMember(request)
	case "bye":
		return nil, p.leaveAll()
	}
	verb, isKnown := p.Verbs[request.Verb]
	if !isKnown {
		return nil, fmt.Errorf("this program does not know the verb %q", request.Verb)
	}
	return verb(request)
}

func (p *Program) ofMember(request *Request) (Answer, error) {
	member, isJoined := p.members[request.Handle]
	if !isJoined {
		return nil, fmt.Errorf("no consumer has the handle %q", request.Handle)
	}
	switch request.Verb {
	case "assignment":
		return Answer{"partitions": member.Inbox().Owned()}, nil
	case "poll":
		timeout := time.Duration(request.TimeoutMs) * time.Millisecond
		return Answer{"records": member.Inbox().Take(request.Count, timeout)}, nil
	case "commit":
		return nil, member.Commit(request.Topic, request.Offsets)
	default:
		delete(p.members, request.Handle)
		return nil, member.Leave()
	}
}

func (p *Program) leaveAll() error {
	var failures []error
	for handle, member := range p.members {
		failures = append(failures, member.Leave())
		delete(p.members, handle)
	}
	return errors.Join(failures...)
}

// versionOf is the version that this program was linked with.
func versionOf(module string) string {
	if build, isThere := debug.ReadBuildInfo(); isThere {
		for _, dependency := range build.Deps {
			if dependency.Path == module {
				return dependency.Version
			}
		}
	}
	return "unknown"
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
